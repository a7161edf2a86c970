import type { SchemaChange } from '../schema/table-schema.ts';
import { count, shortened } from '../text/count.ts';
import { plainText } from '../text/plain-text.ts';
import { expectationText, type PackageTrace, type ResourceTrace, type Trace } from '../trace.ts';
import { costNotes } from './cost-notes.ts';
import { waitedTexts } from './waiting.ts';

/** Everything a person should see beyond the rows: a line each, in the order of the run. */
export function reportNotes({ resources, packages, counts, notes, cost, isDry = false }: Trace): string[] {
  return [
    ...packages.flatMap(recoveredNote),
    ...resources.flatMap(resourceNotes),
    ...resources.flatMap((resource) => waitedTexts(resource).map((text) => `${resource.name}: ${text}`)),
    ...costNotes(resources, cost),
    ...packages.flatMap((one) => expectationNotes(one, isDry)),
    ...packages.flatMap(nullOnlyNotes),
    ...packages.flatMap(({ schemaChanges }) => schemaChanges.flatMap(changeNote)),
    ...Object.entries(counts).flatMap(([what, amount]) => (amount > 0 ? [`${what}: ${amount}`] : [])),
    ...notes,
  ].map(plainText);
}

function recoveredNote({ loadId, recovered }: PackageTrace): string[] {
  return recovered ? [`load package ${loadId} was left behind by an earlier run`] : [];
}

/** Statuses that go without saying have no words. */
const statusWords: Readonly<Partial<Record<ResourceTrace['status'], string>>> = {
  not_executed: 'not executed',
  unchanged: 'unchanged',
  skipped: 'skipped',
  ignored: 'left as it was',
  failed: 'failed',
};

function resourceNotes({ name, status, notes, error }: ResourceTrace): string[] {
  const words = statusWords[status];
  const reasons = error === undefined ? notes : [withoutName(error.message, name), ...notes];
  if (words === undefined) return reasons.map((reason) => `${name}: ${reason}`);
  if (reasons.length === 0) return [`${name}: ${words}`];
  return reasons.map((reason) => (reason.startsWith(words) ? `${name}: ${reason}` : `${name}: ${words}: ${reason}`));
}

/** An error names its resource, because it also ends the run. */
function withoutName(message: string, name: string): string {
  const named = `\`${name}\`: `;
  return message.startsWith(named) ? message.slice(named.length) : message;
}

/** Those that were not met, each with rows that show why. */
function expectationNotes({ state, expectations = [] }: PackageTrace, isDry: boolean): string[] {
  const isPublished = !isDry && (state === 'loaded' || state === 'unchanged');
  const aboutWarned = isPublished ? ', published all the same' : ' (`severity: warn`)';
  return expectations
    .filter(({ status }) => status !== 'met')
    .flatMap((expectation) => [
      `${expectationText(expectation)}${expectation.status === 'warned' ? aboutWarned : ''}`,
      ...expectation.sample.map((row) => `such as ${JSON.stringify(row)}`),
    ]);
}

function nullOnlyNotes({ tables }: PackageTrace): string[] {
  return tables.flatMap(({ name, nullOnly }) => {
    if (nullOnly.length === 0) return [];
    return [
      `${name}: only null came for ${shortened(nullOnly)}: no ${count(nullOnly.length, 'column').replace(/^\S+ /, '')} made`,
    ];
  });
}

function changeNote({ table, column, change, oldType, newType }: SchemaChange): string[] {
  if (change === 'column_widened') return [`${table}.${column} widened from ${oldType} to ${newType}`];
  if (change === 'column_required') return [`${table}.${column} may no longer be null`];
  return [];
}
