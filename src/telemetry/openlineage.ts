import type { PipelineConfig } from '../config/pipeline-config.ts';
import { destinationOf } from '../destinations/destination-kinds.ts';
import type { Effects } from '../effects.ts';
import { exitCodes } from '../errors.ts';
import { lineAppender } from '../files/line-appender.ts';
import { reasonOf } from '../files/reason.ts';
import { announce } from '../notify/announcement.ts';
import type { Patience } from '../notify/patience.ts';
import { type Post, post } from '../notify/post.ts';
import type { RunSummary } from '../report/run-summary-schema.ts';
import { isoTime } from '../text/iso-time.ts';
import { endEvent, type RunEvent, startEvent } from './lineage-events.ts';

export interface StartedLineage {
  /** Tells how the run ended. @returns a sentence for what could not be told */
  end(summary: RunSummary, patience: Patience): Promise<string[]>;
}

type Settings = NonNullable<PipelineConfig['pipeline']['openlineage']>;

interface LineageStart {
  /** A UUID. */
  readonly runId: string;
  /** Names of those that are to be loaded. */
  readonly resources: readonly string[];
  /** It is told of the start only when the run ended. */
  readonly isHeld: boolean;
}

/** Tells that a run begins, and waits for nobody. */
export function startLineage(
  config: PipelineConfig,
  settings: Settings,
  { runId, resources, isHeld }: LineageStart,
  effects: Effects,
): StartedLineage {
  const { file, timeout, namespace } = settings;
  const run = { config, namespace, runId };
  const start = startEvent(run, resources, isoTime(effects.now()));
  const begin = () => {
    const begun = message(settings, start, timeout);
    const written: Promise<string[]> = file === undefined ? Promise.resolve([]) : appended(file, start);
    return { announced: begun && announce(begun, effects), written };
  };
  const early = isHeld ? undefined : begin();
  return {
    end: async (summary, { most, over }) => {
      const { announced, written } = early ?? begin();
      const limit = Math.min(timeout, most);
      const end = endEvent(run, summary, await publishedSchema(config, summary));
      const toFile = async () => {
        const complaints = await written;
        return file === undefined || complaints.length > 0 ? complaints : appended(file, end);
      };
      const toAddress = async () => {
        if (announced === undefined) return [];
        const { left } = await announced.settle({ most: limit, over });
        const told = message(settings, end, left);
        const reason = told && (await post({ ...told, signal: over }, effects));
        return reason === undefined ? [] : [`\`pipeline.openlineage\` could not be told of the end: ${reason}`];
      };
      return (await Promise.all([toFile(), toAddress()])).flat();
    },
  };
}

// --- internal ---

function message({ url, headers }: Settings, event: RunEvent, timeout: number): Post | undefined {
  if (url === undefined) return undefined;
  return { url, headers, contentType: 'application/json', body: JSON.stringify(event), timeout };
}

async function appended(file: string, event: RunEvent): Promise<string[]> {
  try {
    lineAppender(file, 0o644)(`${JSON.stringify(event)}\n`);
    return [];
  } catch (thrown) {
    return [`The OpenLineage event could not be written to ${file}: ${reasonOf(thrown)}`];
  }
}

/** What cannot be read is told without its columns. */
async function publishedSchema(config: PipelineConfig, { exitCode, tables }: RunSummary) {
  if (exitCode !== exitCodes.ok && tables.length === 0) return undefined;
  const books = await destinationOf(config)
    .books()
    .catch(() => undefined);
  return books?.schema;
}
