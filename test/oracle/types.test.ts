import { describe, expect, it } from 'vitest';
import { jsonText } from '../../src/json/json-text.ts';
import type { DataType } from '../../src/schema/table-schema.ts';
import { decimalText } from '../../src/values/decimal.ts';
import { hasOracle, microsOfIso, readOracle } from '../support/dlt-oracle.ts';
import { expectAsListed } from './differences.ts';
import type { MadeTable } from './made-tables.ts';
import { type Coercion, caseName, type Types } from './oracle-case.ts';
import { Replay } from './replay.ts';

const { coercion, inference } = readOracle<Types>('types.json', { coercion: [], inference: [] });

const duckdbTypes: Readonly<Record<DataType, string>> = {
  text: 'VARCHAR',
  double: 'DOUBLE',
  bool: 'BOOLEAN',
  timestamp: 'TIMESTAMP WITH TIME ZONE',
  bigint: 'BIGINT',
  binary: 'BLOB',
  json: 'JSON',
  decimal: 'DECIMAL(38,9)',
  wei: 'DECIMAL(38,0)',
  date: 'DATE',
  time: 'TIME',
};

describe.skipIf(!hasOracle)("values meet columns as in dlt's recorded cases", () => {
  it('each value in a column of each type', async () => {
    const columns = Object.fromEntries(coercion.map(({ to }, index) => [`c${index}`, { data_type: to }]));
    const table = await tableOf(coercion, columns);
    for (const [index, one] of coercion.entries()) {
      const [here, dlt] = [cellsOf(table, `c${index}`), [expectedCell(one)]];
      const differ = here.length !== 1 || here[0] !== dlt[0];
      expectAsListed(caseName.coercion(one), differ ? { here, dlt } : []);
    }
    expect(coercion.length).toBeGreaterThan(500);
  });

  it('each value in a new column', async () => {
    const table = await tableOf(inference, {});
    for (const [index, one] of inference.entries()) {
      const type = table.columns.find(({ name }) => name === `c${index}`)?.hints.data_type;
      expectAsListed(caseName.inference(one), type === one.inferred ? [] : { here: type, dlt: one.inferred });
    }
    expect(inference.length).toBeGreaterThan(40);
  });
});

/** One run of one record with every value; lists and objects are kept whole, as `max_table_nesting` 0 says. */
async function tableOf(
  cases: readonly { in: unknown }[],
  columns: Record<string, { data_type: DataType }>,
): Promise<MadeTable> {
  const project = await Replay.open();
  const record = Object.fromEntries(cases.map(({ in: value }, index) => [`c${index}`, value]));
  const trace = await project.run({ name: 't', max_table_nesting: 0, columns, rows: [record] });
  expect(trace.failure).toBeUndefined();
  const { t } = await project.tables();
  return t ?? { columns: [], rows: [] };
}

/** What the record has in the column and its variants, each as `<suffix> <type> <value>`. */
function cellsOf({ columns, rows: [row = {}] }: MadeTable, column: string): string[] {
  const own = columns.filter(({ name }) => (name === column || name.startsWith(`${column}__`)) && row[name] !== null);
  return own.map(({ name, type }) => `${name.slice(column.length)} ${type} ${row[name]}`);
}

function expectedCell(one: Coercion): string {
  const { to, from, in: value } = one;
  if (one.ok) return ` ${duckdbTypes[to]} ${answered(one)}`;
  return `__v_${from} ${duckdbTypes[from]} ${from === 'json' ? jsonText(value) : String(value)}`;
}

function answered({ to, out }: Coercion): string {
  const { decimal, bytes_b64: bytes } = { decimal: '', bytes_b64: '', ...(typeof out === 'object' ? out : {}) };
  if (to === 'timestamp') return String(microsOfIso(String(out)));
  if (to === 'decimal') return String(decimalText(decimal, 38, 9));
  if (to === 'wei') return String(decimalText(decimal, 38, 0));
  if (to === 'binary') return bytes;
  if (to === 'time') return String(out).replace(/(\.\d*?)0+$/, '$1');
  return to === 'json' ? jsonText(out) : String(out);
}
