import { realEffects } from '../effects.ts';
import { exitCodes, PipelineError } from '../errors.ts';
import { sinceTime } from '../inspection/since.ts';
import { readingLedger } from '../ledger/idle-ledger.ts';
import { type RequestFilter, selectLoadIds, selectRequests, selectRequestTotals } from '../ledger/read-requests.ts';
import { csvText } from '../report/csv-text.ts';
import { failureMembers, jsonDocument } from '../report/json-report.ts';
import { type RequestListing, requestsText } from '../report/requests-text.ts';
import { isoTime } from '../text/iso-time.ts';
import { didYouMean } from '../text/nearest.ts';
import { loadProject } from './load-project.ts';
import { openLog } from './open-log.ts';
import type { CommonOptions, ListFormat, Terminal } from './terminal.ts';

export interface RequestsOptions extends CommonOptions {
  readonly format: ListFormat;
  readonly resource?: string;
  readonly status?: string;
  readonly load?: string;
  readonly since?: string;
  readonly limit: number;
  readonly slowest?: boolean;
}

/** `dezgo-elt requests`: what the ledger has of them. Changes nothing; while a run goes on the ledger is its own. */
export async function requestsCommand(terminal: Terminal, options: RequestsOptions): Promise<number> {
  const { resource, status, load: loadId, limit, slowest = false, format } = options;
  const config = await loadProject(terminal, options, openLog(terminal, options));
  const { name: pipeline, working_dir } = config.pipeline;
  const since = sinceTime(options.since, realEffects.now());
  const filter: RequestFilter = { pipeline, resource, loadId, since, status: statusRange(status) };
  const found = await readingLedger(working_dir, async (connection) => ({
    requests: await selectRequests(connection, filter, { limit, slowest }),
    totals: await selectRequestTotals(connection, filter),
    loadIds: loadId === undefined ? [] : await selectLoadIds(connection, pipeline),
  }));
  const listing: RequestListing = {
    pipeline,
    since: since === undefined ? null : isoTime(since),
    requests: found?.requests ?? [],
    totals: found?.totals ?? [],
  };
  if (loadId !== undefined) requireLoad(loadId, found?.loadIds ?? []);
  if (listing.totals.length === 0 && resource !== undefined) requireResource(resource, config.source.resources);
  if (format === 'json') terminal.print(jsonDocument({ ...listing, ...failureMembers(undefined) }));
  else terminal.print(format === 'csv' ? csvText(columns, listing.requests) : requestsText(listing));
  return exitCodes.ok;
}

// --- internal ---

const columns = [
  'runStartedAt',
  'loadId',
  'resource',
  'method',
  'url',
  'status',
  'attempts',
  'milliseconds',
  'bytes',
] as const;

/** `429`, `4xx`, or `none`, of those that nobody answered. */
function statusRange(text: string | undefined): readonly [number, number] | null | undefined {
  if (text === undefined) return undefined;
  if (text === 'none') return null;
  const [, digit] = /^([1-5])xx$/i.exec(text) ?? [];
  if (digit !== undefined) return [Number(digit) * 100, Number(digit) * 100 + 99];
  if (/^[1-5]\d\d$/.test(text)) return [Number(text), Number(text)];
  throw new PipelineError({
    code: 'UsageInvalid',
    message: `\`--status ${text}\`: expected a status such as 429, a group such as 4xx, or \`none\` for requests that nobody answered.`,
    hint: 'Which there are: dezgo-elt requests',
    facts: { status: text },
  });
}

/** A mistyped name has no requests either. A resource that was removed from the configuration may have. */
function requireResource(name: string, resources: readonly { readonly name: string }[]): void {
  const names = resources.map((one) => one.name);
  if (names.includes(name)) return;
  throw new PipelineError({
    code: 'ResourceUnknown',
    message: `There is no resource \`${name}\`${didYouMean(name, names) || '.'}`,
    hint: `The configuration has these: ${names.join(', ')}.`,
    facts: { resource: name },
  });
}

function requireLoad(loadId: string, known: readonly string[]): void {
  if (known.includes(loadId)) return;
  throw new PipelineError({
    code: 'UsageInvalid',
    message: `The ledger has no load \`${loadId}\` of this pipeline${didYouMean(loadId, known) || '.'}`,
    hint: known.length === 0 ? 'It has none yet.' : `The last ones: ${known.slice(0, MOST_NAMED).join(', ')}.`,
    facts: { loadId },
  });
}

const MOST_NAMED = 5;
