import { z } from 'zod';
import { about } from './about.ts';
import { age, deleteLimit } from './units.ts';

const columns = z
  .union([z.string().min(1), z.array(z.string().min(1)).min(1)])
  .transform((names) => (typeof names === 'string' ? [names] : names));

const byColumn = <Schema extends z.ZodType>(what: Schema) => z.record(z.string().min(1), what);

const accepted = z.array(z.union([z.string(), z.number(), z.boolean()])).min(1);

const how = {
  name: about('What a report calls it', z.string().min(1).optional()),
  severity: about(
    'What becomes of a load that does not meet it: `fail`, nothing is published; `warn`, it is, and says so',
    z.enum(['fail', 'warn']).default('fail'),
  ),
};

/** What can be expected of a table, each under a key of its own. */
const checks = {
  min_rows: about('The fewest rows that the table has', z.number().int().nonnegative().optional()),
  max_drop: about(
    'How many rows fewer than before the load it may have: a part, `20%`, or a number',
    deleteLimit.optional(),
  ),
  max_age: about(
    'How old its newest row may be: `26h` by when it was loaded, `{ updated_at: 26h }` by a timestamp',
    z.union([age, byColumn(age)]).optional(),
  ),
  not_null: about('Column or columns that every row has a value in', columns.optional()),
  unique: about('Column, or columns together, of which no two rows have the same values', columns.optional()),
  accepted_values: about('The only values of a column: `{ status: [active, retired] }`', byColumn(accepted).optional()),
  matches: about(
    'A regular expression (RE2) that is found in every value of a column: `{ id: "^[a-z]" }`',
    byColumn(z.string().min(1)).optional(),
  ),
  sql: about('A `select` that returns no row', z.string().min(1).optional()),
};

const expectation = z
  .strictObject({
    ...how,
    table: about('A table of the resource, where it is not its own: `models__tags`', z.string().min(1).optional()),
    ...checks,
  })
  .superRefine((given, context) => {
    if (Object.keys(checks).some((check) => Reflect.get(given, check) !== undefined)) return;
    const message = `expected something that the table has to be: ${Object.keys(checks)
      .map((check) => `\`${check}\``)
      .join(', ')}`;
    context.addIssue({ code: 'custom', message, input: given });
  });

/** Several in a list, or one as a mapping. */
export const expectations = z.union([expectation.transform((one) => [one]), z.array(expectation)]);

/** About several tables, or none. */
export const pipelineExpectations = z.array(
  z.strictObject({ ...how, sql: about('A `select` that returns no row', z.string().min(1)) }),
);

export type ExpectationConfig = z.output<typeof expectation>;
export type PipelineExpectationConfig = z.output<typeof pipelineExpectations>[number];
