import { PipelineError } from '../errors.ts';
import type { PackageTable } from '../package/layout.ts';
import type { Catalogue } from './catalogue.ts';
import type { DestinationAnswers } from './destination-answers.ts';
import type { PackageContext } from './load-context.ts';
import { losesNothing, type Widening, wideningCandidates } from './widening.ts';

/** The columns that widen in this load. Reads values only of columns that could. */
export async function decideWidenings(
  context: PackageContext,
  tables: readonly PackageTable[],
  actual: Catalogue,
  answers: Pick<DestinationAnswers, 'isBetween'>,
): Promise<Widening[]> {
  const widenings: Widening[] = [];
  for (const { schema } of tables) {
    const present = actual.get(schema.name.toLowerCase()) ?? null;
    for (const candidate of wideningCandidates(schema, present)) {
      if (await losesNothing(context, candidate, present, answers)) {
        widenings.push(candidate);
      } else if (candidate.variant === null) {
        throw integersTooLarge(candidate);
      }
    }
  }
  return widenings;
}

/** The schema says double and there is no variant column to turn to: somebody changed the hint, or the column by hand. */
function integersTooLarge({ table, column }: Widening): PipelineError {
  return new PipelineError({
    code: 'ContractViolated',
    message: `Column \`${column}\` of table \`${table}\` should become double, but holds integers beyond ±2^53, which a double would round.`,
    hint: `Remove the hint \`data_type: double\` for \`${column}\`, or change the column's type yourself: \`alter table ${table} alter ${column} type double\`.`,
    facts: { table, column },
  });
}
