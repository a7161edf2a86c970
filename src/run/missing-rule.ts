import type { MissingRule, PackageResource } from '../package/layout.ts';
import type { DeleteLimit, WriteDisposition } from '../schema/resource-hints.ts';

/** Of what was not set, half: a source that lost most of its rows is more often ill than empty. */
const DEFAULT_LIMIT: DeleteLimit = { share: 0.5 };

/** What becomes of rows that a whole load does not bring; undefined: they stay. */
export function missingRule(disposition: WriteDisposition): MissingRule | undefined {
  if (!('delete_missing' in disposition) || disposition.delete_missing === undefined) return undefined;
  return { how: disposition.delete_missing, most: disposition.max_delete ?? DEFAULT_LIMIT };
}

/** Why the rows stay that did not come, though the configuration says otherwise. */
export function notesOfMissing(
  { status, missing, isWhole, leftOut = 0 }: PackageResource,
  partOf: string | undefined,
): string[] {
  if (missing === undefined || status !== 'done' || (isWhole === true && leftOut === 0)) return [];
  const why = isWhole === true ? 'the schema contract left rows out' : (partOf ?? 'it was not read whole');
  return [`rows that did not come stay as they are (\`delete_missing\`): ${why}`];
}
