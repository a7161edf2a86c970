import type { ResolvedResource } from '../config/pipeline-config.ts';
import { PipelineError } from '../errors.ts';
import { isAlmostRelative } from '../incremental/relative-time.ts';
import { shortened } from '../text/count.ts';

/** What of its incremental resources a run loads, other than what is new. */
export interface RunScope {
  /**
   * A range instead of what is new, as `initial_value` and `end_value` are written. Nothing is kept of it: the next run goes on
   * where it would have.
   */
  readonly from?: string | number | undefined;
  readonly to?: string | number | undefined;
  /** From their initial values on, into tables that are emptied first. */
  readonly fullRefresh?: boolean | undefined;
}

/** As on the command line: `--from 2024-01-01 --to now`; empty where there is nothing to say. */
export function scopeText({ from, to, fullRefresh = false }: RunScope): string {
  const options = [
    ...(from === undefined ? [] : [`--from ${from}`]),
    ...(to === undefined ? [] : [`--to ${to}`]),
    ...(fullRefresh ? ['--full-refresh'] : []),
  ];
  return options.join(' ');
}

/** Throws UsageInvalid for what goes with incremental resources alone, where there are none, and for two that exclude each other. */
export function requireScope(scope: RunScope, resources: readonly ResolvedResource[]): void {
  const text = scopeText(scope);
  if (text === '') return;
  const { from, to, fullRefresh = false } = scope;
  if (fullRefresh && (from !== undefined || to !== undefined)) {
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

function isIncremental({ endpoint }: ResolvedResource): boolean {
  return endpoint?.incremental !== undefined;
}
