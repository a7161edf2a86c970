import { PipelineError } from '../errors.ts';
import type { MissingRule } from '../package/layout.ts';
import type { DeleteLimit } from '../schema/resource-hints.ts';
import type { TablePlan } from './table-plan.ts';

interface Loss {
  readonly root: TablePlan;
  readonly missing: MissingRule;
  /** Rows that did not come. */
  readonly lost: number;
  /** Rows that were there, without those that were marked as deleted already. */
  readonly before: number;
  readonly allowDelete: boolean;
}

/** Throws DeletesTooMany where a load would take away more rows than `max_delete` says: a source that is ill looks empty. */
export function requireFew({ root, missing, lost, before, allowDelete }: Loss): void {
  const { most } = missing;
  const allowed = 'rows' in most ? most.rows : most.share * before;
  if (allowDelete || lost <= allowed) return;
  const { resource = root.name } = root.schema;
  throw new PipelineError({
    code: 'DeletesTooMany',
    message: `\`${resource}\`: ${lost} of the ${before} rows of table \`${root.name}\` did not come, and \`max_delete\` lets ${limitText(most)} vanish. Nothing was published.`,
    hint: `Look at what the source answers. If they are gone: dezgo-elt run ${resource} --allow-delete`,
    facts: { resource, table: root.name, missing: lost, rows: before, maxDelete: limitText(most) },
  });
}

function limitText(most: DeleteLimit): string {
  return 'rows' in most ? String(most.rows) : `${Number((most.share * 100).toFixed(4))}%`;
}
