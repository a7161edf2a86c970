import type { PipelineConfig } from '../config/pipeline-config.ts';
import { PipelineError } from '../errors.ts';
import { runsFromEnd } from '../ledger/runs-file.ts';
import type { CapturedBalance, CapturedCost, CostRow, CostsBy, SummedCosts } from '../report/costs-text.ts';
import type { RunSummary } from '../report/run-summary-schema.ts';
import { isoTime } from '../text/iso-time.ts';
import { type Money, moneyOf, moneyText } from '../values/money.ts';
import { costListing } from './cost-listing.ts';

/** What was spent, and how long what is left will last. Amounts are written in decimal, times ISO 8601, UTC. */
export interface CostSummary {
  readonly by: CostsBy;
  readonly since: string | null;
  /** The newest first, resources by their names. */
  readonly costs: readonly CostRow[];
  /** One for each currency. */
  readonly totals: readonly SummedCosts[];
  /** What headers of replies said, by the live file; null where they are not captured, or a run is going on. */
  readonly captured: readonly CapturedCost[] | null;
  /** The last one that a reply told; null: none did, or headers of replies are not captured. */
  readonly balance: Pick<CapturedBalance, 'balance' | 'at'> | null;
  readonly currency: string;
  readonly runway: Runway | null;
  /** A run has the ledger: this is what `runs.jsonl` says of the finished runs. */
  readonly isFromRuns: boolean;
}

/** null where no balance is known, or nothing was spent. */
interface Runway {
  /** Average of the last 30 days, of those since the first run that paid where that are fewer. */
  readonly spentPerDay: string;
  /** That the balance lasts at that pace. */
  readonly days: number;
}

/**
 * Costs by day, resource or run, with the balance and how long it lasts; also while a run is going on, but then not by resource.
 *
 * @param since milliseconds since 1970, of the beginning of runs. Default: all
 * @param now milliseconds since 1970
 * @throws PipelineError RunLocked: by resource, and a run is going on
 */
export async function costs(
  config: PipelineConfig,
  { by, since, now }: { readonly by: CostsBy; readonly since?: number | undefined; readonly now: number },
): Promise<CostSummary> {
  const runs = await paidRuns(config);
  const listing = await costListing(config, by, since).catch((thrown: unknown) => {
    if (!(thrown instanceof PipelineError) || thrown.code !== 'RunLocked' || by === 'resource') throw thrown;
    return fromRuns(runs, by, since);
  });
  const told = runs.find(({ balance }) => balance !== null);
  const balance =
    listing.balance ?? (told === undefined ? null : { balance: String(told.balance), at: told.finishedAt });
  return {
    by,
    since: since === undefined ? null : isoTime(since),
    costs: listing.costs,
    totals: listing.totals,
    captured: listing.captured,
    balance: balance === null ? null : { balance: balance.balance, at: balance.at },
    currency: config.source.client?.currency ?? 'usd',
    runway: balance === null ? null : runwayOf(balance.balance, runs, now),
    isFromRuns: 'isFromRuns' in listing,
  };
}

// --- internal ---

const DAY = 86_400_000;
/** That the pace is an average of. */
const DAYS = 30;

/** Those that paid, or were told what is left; the newest first. */
async function paidRuns({ pipeline: { name, working_dir } }: PipelineConfig): Promise<readonly RunSummary[]> {
  const runs: RunSummary[] = [];
  for await (const run of runsFromEnd(working_dir)) {
    if (run.pipeline === name && (run.cost !== null || run.balance !== null)) runs.push(run);
  }
  return runs;
}

function fromRuns(runs: readonly RunSummary[], by: Exclude<CostsBy, 'resource'>, since = 0) {
  const rows = new Map<string, CostRow>();
  const sums = new Map<string, SummedCosts>();
  for (const { cost, startedAt, loadId } of runs) {
    if (cost === null || Date.parse(startedAt) < since) continue;
    const of = by === 'day' ? startedAt.slice(0, 10) : startedAt;
    const key = `${of} ${cost.currency}`;
    rows.set(key, { ...added(rows.get(key), cost), of, loadId: by === 'run' ? loadId : null });
    sums.set(cost.currency, added(sums.get(cost.currency), cost));
  }
  return {
    costs: [...rows.values()],
    totals: [...sums.values()],
    captured: null,
    balance: null,
    isFromRuns: true,
  };
}

function added(sum: SummedCosts | undefined, cost: NonNullable<RunSummary['cost']>): SummedCosts {
  return {
    currency: cost.currency,
    spent: moneyText(money(sum?.spent) + money(cost.spent)),
    requests: (sum?.requests ?? 0) + cost.requests,
    unknown: (sum?.unknown ?? 0) + cost.unknown,
  };
}

function runwayOf(balance: string, runs: readonly RunSummary[], now: number): Runway | null {
  const recent = runs.filter(({ cost, startedAt }) => cost !== null && Date.parse(startedAt) > now - DAYS * DAY);
  const first = recent.at(-1);
  if (first === undefined) return null;
  const spent = recent.reduce((sum, { cost }) => sum + money(cost?.spent), 0n);
  const days = Math.max(1, Math.ceil((now - Date.parse(first.startedAt)) / DAY));
  const perDay = spent / BigInt(days);
  if (perDay <= 0n) return null;
  return { spentPerDay: moneyText(perDay), days: Math.max(0, Math.floor(Number(money(balance)) / Number(perDay))) };
}

function money(text: string | number | undefined): Money {
  return moneyOf(text ?? 0) ?? 0n;
}
