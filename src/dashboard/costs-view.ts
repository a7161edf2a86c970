import { PipelineError } from '../errors.ts';
import { type CostSummary, costs } from '../inspection/cost-summary.ts';
import { queryLive } from '../inspection/live-query.ts';
import type { Project } from './project.ts';

export interface CostsView extends CostSummary {
  /** null: a run has the ledger just now. */
  readonly byResource: CostSummary['costs'] | null;
  /** The last balance of each day that replies told, the oldest first. */
  readonly balances: readonly { readonly day: string; readonly balance: number }[];
}

export async function costsView({ placed: { config }, effects }: Project): Promise<CostsView> {
  const now = effects.now();
  const byResource = await costs(config, { by: 'resource', now }).catch((thrown: unknown) => {
    if (thrown instanceof PipelineError && thrown.code === 'RunLocked') return undefined;
    throw thrown;
  });
  return {
    ...(await costs(config, { by: 'day', now })),
    byResource: byResource?.costs ?? null,
    balances: await balancesOf({ placed: { config }, effects }),
  };
}

// --- internal ---

const MOST_BALANCES = 5000;

async function balancesOf({
  placed: { config },
  effects,
}: Pick<Project, 'effects'> & { placed: Pick<Project['placed'], 'config'> }) {
  const sql = `select cast(time as varchar), cast(balance as varchar) from balance_history
    where balance is not null order by time desc limit ${MOST_BALANCES}`;
  const { rows } = await queryLive(config, sql, { rows: MOST_BALANCES, bytes: 1_000_000, seconds: 5 }, effects).catch(
    noSuchView,
  );
  const last = new Map<string, number>();
  for (const [time = '', balance = ''] of rows.map((row) => row.map((cell) => String(JSON.parse(cell))))) {
    const day = time.slice(0, 10);
    if (!last.has(day)) last.set(day, Number(balance));
  }
  return [...last].map(([day, balance]) => ({ day, balance })).reverse();
}

/** Headers of replies are not captured, or nothing was loaded yet. */
function noSuchView(thrown: unknown): { readonly rows: readonly (readonly string[])[] } {
  if (thrown instanceof PipelineError && ['UsageInvalid', 'QueryFailed'].includes(thrown.code)) return { rows: [] };
  throw thrown;
}
