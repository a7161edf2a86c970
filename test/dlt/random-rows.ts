import fc from 'fast-check';

type DataType = 'text' | 'double' | 'bool' | 'json';

/** Rows for one table, a list a run, with what both programs are told about it. */
export interface RandomCase {
  readonly table: string;
  readonly hints: { readonly columns?: Readonly<Record<string, { readonly data_type: DataType }>> };
  readonly max_table_nesting: number | null;
  readonly runs: readonly (readonly object[])[];
}

/** No two come to the same name, and none holds `__`: colliding keys are a difference of ours. */
const keys = ['a', 'userID', 'HTTPServer 2', '2nd', 'x-y', 'select', 'value', 'naïve', '日本', 'q"uote', 'ends_'];

const words = [
  '',
  ' ',
  'yes',
  'False',
  'text',
  "it's",
  'two\nlines',
  '2024-01-15',
  '10:11:12',
  'null',
  '{"a":1}',
  'Ünïcödé 😀',
];
/** Under a key of its own: where the column is not text, dlt makes a variant column for text of type timestamp, and fails on the next text. */
const times = ['2024-01-15T10:11:12Z', '2024-01-15T10:11:12.123456+02:00', '2024-01-15 10:11'];
/** What reads as a number would go into a column that we widen and dlt does not. */
const numerals = ['1', '-7', '1.5', '1e3', '0x1F', ' 12 '];

/** Beyond 2^53 an integer column does not widen, and a fraction would lose digits. */
const small = fc.integer({ min: -1_000_000_000, max: 1_000_000_000 });
const large = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
/** Not integral: JSON.parse does not tell 1.0 from 1. */
const fraction = fc
  .double({ min: -1e12, max: 1e12, noNaN: true })
  .filter((value) => !Number.isInteger(value) && Math.abs(value) > 1e-200);

const numbers = {
  integers: { number: fc.oneof(small, large), texts: [...words, ...numerals] },
  fractions: { number: fraction, texts: [...words, ...numerals] },
  both: { number: fc.oneof(small, fraction), texts: words },
};

/** Without NUL, which DuckDB refuses in dlt's statements. */
const anyText = fc
  .string({ unit: 'grapheme', maxLength: 8 })
  .filter((text) => !text.includes('\0') && !/\d/u.test(text));

const moment = fc.option(fc.constantFrom(...times, ...words, null), { nil: undefined });

function rowOf(
  { number, texts }: (typeof numbers)[keyof typeof numbers],
  names: readonly string[],
): fc.Arbitrary<object> {
  const { row } = fc.letrec<{ value: unknown; object: object; row: object }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      { weight: 8, arbitrary: fc.oneof(number, fc.constantFrom(...texts), anyText, fc.boolean(), fc.constant(null)) },
      { weight: 2, arbitrary: fc.array(tie('value'), { maxLength: 3 }) },
      { weight: 2, arbitrary: tie('object') },
    ),
    object: fc.dictionary(fc.constantFrom(...names), tie('value'), { maxKeys: 3, noNullPrototype: true }),
    row: fc
      .tuple(fc.dictionary(fc.constantFrom(...names), tie('value'), { maxKeys: 4, noNullPrototype: true }), moment)
      .map(([row, at]) => (at === undefined ? row : { ...row, at })),
  }));
  return row;
}

/** Cases that avoid what `design` lists as differences; the table's name is given afterwards. */
const randomCase: fc.Arbitrary<Omit<RandomCase, 'table'>> = fc
  .record({
    kind: fc.constantFrom('integers', 'fractions', 'both'),
    names: fc.uniqueArray(fc.constantFrom(...keys), { minLength: 2, maxLength: 5 }),
    given: fc.boolean(),
    hinted: fc.array(fc.constantFrom('text', 'bool', 'json', 'double'), { maxLength: 2 }),
    nesting: fc.option(fc.integer({ min: 0, max: 3 }), { freq: 3 }),
  })
  .chain(({ kind, names, given, hinted, nesting }) =>
    fc
      .array(fc.array(rowOf(numbers[kind as keyof typeof numbers], names), { maxLength: 4 }), {
        minLength: 1,
        maxLength: 3,
      })
      .map((runs) => ({
        hints: hintsOf(names, kind === 'integers' ? hinted.filter((type) => type !== 'double') : hinted),
        max_table_nesting: nesting,
        runs: runs.map((rows, run) =>
          rows.map((row, index) => (given ? { _dlt_id: `given ${run} ${index}`, ...row } : row)),
        ),
      })),
  );

/** Types for the first of the names. */
function hintsOf(names: readonly string[], types: readonly DataType[]): RandomCase['hints'] {
  const columns = types.map((data_type, index) => [names[index], { data_type }]);
  return columns.length === 0 ? {} : { columns: Object.fromEntries(columns) };
}

/** The same cases for the same seed. */
export function randomCases(seed: number, count: number): RandomCase[] {
  return fc.sample(randomCase, { seed, numRuns: count }).map((one, index) => ({ table: `t${index}`, ...one }));
}
