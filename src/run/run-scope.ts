import { parentsFirst } from '../config/parents.ts';
import type { ResolvedResource } from '../config/pipeline-config.ts';
import { PipelineError } from '../errors.ts';
import { isAlmostRelative } from '../incremental/relative-time.ts';
import { shortened } from '../text/count.ts';
import { didYouMean } from '../text/nearest.ts';
import type { RunResource } from './select-resources.ts';

/** What of its incremental resources a run loads, other than what is new. */
export interface RunScope {
  /**
   * A range instead of what is new, as `initial_value` and `end_value` are written. Nothing is kept of it: the next run goes on
   * where it would have.
   */
  readonly from?: string | number | undefined;
  readonly to?: string | number | undefined;
  /** From their initial values on, into tables that are emptied first: all of them, or those that are named. */
  readonly fullRefresh?: boolean | readonly string[] | undefined;
  /**
   * So many records of each resource, to try something out: cursors stay where they are, and no row that is there is taken away. A
   * list that is cut is refused where its disposition would do so.
   */
  readonly limit?: number | undefined;
}

/** Whether a resource begins anew. */
export function isRefreshed({ fullRefresh = false }: RunScope, resource: string): boolean {
  return typeof fullRefresh === 'boolean' ? fullRefresh : fullRefresh.includes(resource);
}

/** As on the command line: `--from 2024-01-01 --to now`; empty where there is nothing to say. */
export function scopeText(scope: RunScope): string {
  const limit = scope.limit === undefined ? '' : `--limit ${scope.limit}`;
  return [rangeText(scope), limit].filter((text) => text !== '').join(' ');
}

/** Of that, what is of incremental resources alone. */
export function rangeText({ from, to, fullRefresh = false }: RunScope): string {
  const options = [
    ...(from === undefined ? [] : [`--from ${from}`]),
    ...(to === undefined ? [] : [`--to ${to}`]),
    ...refreshTexts(fullRefresh),
  ];
  return options.join(' ');
}

/** Throws UsageInvalid for what goes with incremental resources alone, where there are none, and for two that exclude each other. */
export function requireScope(
  scope: RunScope,
  all: readonly RunResource[],
  configured: readonly ResolvedResource[],
): void {
  requireLimit(scope);
  const text = rangeText(scope);
  if (text === '') return;
  const resources = all.filter(({ isOnlyRead }) => isOnlyRead !== true);
  const { from, to, fullRefresh = false } = scope;
  if (refreshTexts(fullRefresh).length > 0 && (from !== undefined || to !== undefined)) {
    throw new PipelineError({
      code: 'UsageInvalid',
      message: '`--full-refresh` loads everything, `--from` and `--to` a range: they exclude each other.',
      hint: 'Leave one of them out.',
      facts: { scope: text },
    });
  }
  const wrong = [from, to].find(isAlmostRelative);
  if (wrong !== undefined) {
    throw new PipelineError({
      code: 'UsageInvalid',
      message: `\`${wrong}\` is no value: expected one as the records have it, \`now\`, \`now - 30d\` or \`today - 7d\`.`,
      hint: 'The units are s, m, h, d and w.',
      facts: { value: wrong },
    });
  }
  if (typeof fullRefresh !== 'boolean') requireRefreshable(fullRefresh, resources, { all, configured });
  if (resources.some(isIncremental)) return;
  const names = resources.map(({ name }) => name);
  throw new PipelineError({
    code: 'UsageInvalid',
    message: `\`${text}\` goes with incremental resources, and this run has none: ${shortened(names)}.`,
    hint: 'Name a resource that has `incremental` in its `endpoint`, or leave the option out.',
    facts: { scope: text, resources: names },
  });
}

// --- internal ---

function requireLimit({ limit, fullRefresh = false }: RunScope): void {
  if (limit === undefined) return;
  const isPossible = Number.isSafeInteger(limit) && limit > 0;
  if (isPossible && refreshTexts(fullRefresh).length === 0) return;
  throw new PipelineError({
    code: 'UsageInvalid',
    message: isPossible
      ? '`--full-refresh` empties tables, `--limit` never takes rows away: they exclude each other.'
      : '`--limit` needs a whole number of records, from 1 on.',
    hint: 'Such as `--limit 20`, without `--full-refresh`.',
    facts: { limit },
  });
}

function refreshTexts(fullRefresh: NonNullable<RunScope['fullRefresh']>): string[] {
  if (typeof fullRefresh === 'boolean') return fullRefresh ? ['--full-refresh'] : [];
  return fullRefresh.map((name) => `--full-refresh ${name}`);
}

/** A child is emptied as well: it needs all that its parents have, and not what is new of them. */
function requireRefreshable(
  names: readonly string[],
  resources: readonly RunResource[],
  { all, configured }: { readonly all: readonly RunResource[]; readonly configured: readonly ResolvedResource[] },
): void {
  const loaded = resources.map(({ name }) => name);
  for (const name of names) {
    const resource = resources.find((one) => one.name === name);
    if (resource === undefined || !isIncremental(resource)) {
      const meant = configured.find((one) => one.name === name);
      throw notRefreshable(name, { loaded, isLoaded: resource !== undefined, next: nextFor(meant) });
    }
    const behind = parentsFirst(resource, all).find(
      (one) => isIncremental(one) && one.isOnlyRead !== true && !names.includes(one.name),
    );
    if (behind !== undefined) throw parentNotRefreshed(name, behind.name);
  }
}

/** @param meant undefined: the configuration has none of that name */
function nextFor(meant: ResolvedResource | undefined): string {
  const named = 'Name one that has `incremental` in its `endpoint`.';
  if (meant === undefined) return named;
  const { name } = meant;
  return isIncremental(meant)
    ? `To load ${name} alone: dezgo-elt run ${name} --full-refresh`
    : `${named} ${name} needs no option: dezgo-elt run ${name}`;
}

interface NotRefreshable {
  readonly loaded: readonly string[];
  readonly isLoaded: boolean;
  readonly next: string;
}

function notRefreshable(name: string, { loaded, isLoaded, next }: NotRefreshable): PipelineError {
  const why = isLoaded
    ? `\`${name}\` is not incremental: every run loads all of it`
    : `this run loads no resource \`${name}\`${didYouMean(name, loaded)}`;
  return new PipelineError({
    code: 'UsageInvalid',
    message: `\`--full-refresh ${name}\`: ${why}.`.replace('?.', '?'),
    hint: next,
    facts: { resource: name, resources: loaded },
  });
}

function parentNotRefreshed(child: string, parent: string): PipelineError {
  return new PipelineError({
    code: 'UsageInvalid',
    message: `\`--full-refresh ${child}\` needs every record of its parent \`${parent}\`, of which this run asks only for what is new.`,
    hint: `Name both: --full-refresh ${parent} --full-refresh ${child}`,
    facts: { resource: child, parent },
  });
}

function isIncremental({ endpoint }: ResolvedResource): boolean {
  return endpoint?.incremental !== undefined;
}
