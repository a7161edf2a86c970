import type { PipelineConfig } from '../config/pipeline-config.ts';
import type { Effects } from '../effects.ts';
import { withoutEnd } from '../text/ends.ts';
import { announce } from './announcement.ts';
import type { Patience } from './patience.ts';
import { post } from './post.ts';

export interface StartedPing {
  /**
   * Tells how the run ended.
   *
   * @param report plain text, of which as much is sent as is kept
   * @returns a sentence for what could not be told
   */
  end(exitCode: number, report: string, patience: Patience): Promise<string[]>;
}

interface PingedRun {
  /** A UUID that tells runs apart. */
  readonly id: string;
  /** Only its end is told. */
  readonly isSilent: boolean;
}

/** Tells an address in the manner of healthchecks.io that a run begins. */
export function startPing(
  { url, timeout }: NonNullable<PipelineConfig['pipeline']['ping']>,
  { id, isSilent }: PingedRun,
  effects: Effects,
): StartedPing {
  const message = (last: string, body: string, limit: number) => ({
    url,
    contentType: 'text/plain; charset=utf-8',
    body,
    timeout: limit,
    at: (address: URL) => addressOf(address, last, id),
  });
  const start = isSilent ? undefined : announce(message('start', '', timeout), effects);
  return {
    end: async (exitCode, report, { most, over }) => {
      const limit = Math.min(timeout, most);
      const { reason: unstarted, left } = (await start?.settle({ most: limit, over })) ?? {
        reason: undefined,
        left: limit,
      };
      const unended = await post({ ...message(String(exitCode), shortened(report), left), signal: over }, effects);
      if (unended !== undefined) return [`\`pipeline.ping\` could not be told of the end: ${unended}`];
      return unstarted === undefined ? [] : [`\`pipeline.ping\` could not be told of the start: ${unstarted}`];
    },
  };
}

// --- internal ---

/** What healthchecks.io keeps of a body, in bytes. */
const LONGEST_BODY = 100_000;

function addressOf(address: URL, last: string, id: string): URL {
  const told = new URL(address);
  told.pathname = `${withoutEnd(told.pathname, '/')}/${last}`;
  told.searchParams.set('rid', id);
  return told;
}

/** No character is cut in two. */
function shortened(text: string): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= LONGEST_BODY) return text;
  return new TextDecoder().decode(bytes.subarray(0, LONGEST_BODY), { stream: true });
}
