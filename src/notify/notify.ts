import { createHash } from 'node:crypto';
import { dirname } from 'node:path';
import type { NotifyEntry } from '../config/grammar/notify-schema.ts';
import type { PipelineConfig } from '../config/pipeline-config.ts';
import type { Effects } from '../effects.ts';
import type { SecretMask } from '../extract/http/secret-mask.ts';
import { currentFolder } from '../files/current-folder.ts';
import type { Json } from '../json/json-value.ts';
import type { RunSummary } from '../report/run-summary-schema.ts';
import { runHookCommand } from './hook-command.ts';
import { type Message, messageOf } from './message.ts';
import { changesFor, type Occasion, type Situation, standingAfter } from './occasions.ts';
import type { Patience } from './patience.ts';
import { post } from './post.ts';
import type { LastLoad } from './stale.ts';
import { keepStanding, readStanding } from './standing.ts';

export interface NotifyParts {
  readonly summary: RunSummary;
  /** Of the selected resources; needed where an entry has a `max_age`. */
  readonly loads: readonly LastLoad[] | undefined;
  readonly patience: Patience;
  readonly effects: Effects;
  readonly mask: Pick<SecretMask, 'json'>;
}

/**
 * Tells the hooks of `pipeline.notify` what they want to know of a run, all at the same time. What could not be told is told after
 * the next run, if it still holds then.
 *
 * @returns a sentence for each that could not be told
 */
export async function notify(
  { pipeline: { name, working_dir, notify: entries = [] }, file }: PipelineConfig,
  { summary, loads, patience, effects, mask }: NotifyParts,
): Promise<string[]> {
  const before = readStanding(working_dir, name);
  const standing = standingAfter(before, summary);
  const isForgotten = !keepStanding(working_dir, standing);
  const situation: Situation = { summary, standing, loads, now: effects.now(), isForgotten };
  const place = { folder: file === undefined ? currentFolder() : dirname(file), patience, effects, mask };
  const tell = async (entry: NotifyEntry, index: number) => {
    const hook = hookOf(entry);
    const own = entries.length === 1 ? 'pipeline.notify' : `pipeline.notify[${index}]`;
    const changes = changesFor(entry, before.told[hook] ?? [], situation);
    const outcomes = await Promise.all(
      changes.map(async ({ occasion, knows, knew }) => {
        if (occasion === undefined) return { known: knows };
        const reason = await told(entry, messageOf(occasion, entry, situation, before), place);
        return reason === undefined
          ? { known: knows }
          : { known: knew, untold: { what: words[occasion.kind], reason } };
      }),
    );
    const known = outcomes.flatMap((one) => one.known);
    const failures = outcomes.flatMap(({ untold }) => untold ?? []);
    const warnings = [...new Set(failures.map(({ reason }) => reason))].map((reason) => {
      const what = failures.filter((one) => one.reason === reason).map((one) => one.what);
      return `\`${own}\` could not be told of ${what.join(' and ')}: ${reason}`;
    });
    return { hook, known, warnings };
  };
  const hooks = await Promise.all(entries.map(tell));
  const known = hooks.filter((one) => one.known.length > 0).map((one) => [one.hook, one.known] as const);
  keepStanding(working_dir, { ...readStanding(working_dir, name), told: Object.fromEntries(known) });
  return hooks.flatMap(({ warnings }) => warnings);
}

// --- internal ---

const words: Readonly<Record<Occasion['kind'], string>> = {
  failure: 'the failure',
  recovery: 'the recovery',
  schema_change: 'the schema change',
  stale: 'old data',
  low_balance: 'the low balance',
};

interface Place extends Pick<NotifyParts, 'patience' | 'effects' | 'mask'> {
  readonly folder: string;
}

async function told(
  entry: NotifyEntry,
  message: Message,
  { folder, patience: { most, over: signal }, effects, mask }: Place,
): Promise<string | undefined> {
  const { url, command, headers } = entry;
  const timeout = Math.min(entry.timeout, most);
  const text = url === undefined ? message.text : withoutMarkup(message.text);
  const json: Json = JSON.parse(JSON.stringify({ ...message, text }));
  const body = JSON.stringify(mask.json(json));
  if (url !== undefined) {
    return post({ url, headers, contentType: 'application/json', body, timeout, signal }, effects);
  }
  if (command === undefined) return undefined;
  return runHookCommand({ command, input: `${body}\n`, folder, timeout, signal }, effects);
}

/** What Slack would read as a link, or as everybody who is to be called. */
function withoutMarkup(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** One that is changed knows nothing: whoever tries out a new address during a failure is told of it. */
function hookOf({ url, ...entry }: NotifyEntry): string {
  const address = url === undefined || url.isMissing ? '' : url.fingerprint('pipeline.notify');
  return createHash('sha256')
    .update(JSON.stringify([entry, address]))
    .digest('hex')
    .slice(0, 12);
}
