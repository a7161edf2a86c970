import { type PlainRow, plainRow } from '../../duckdb/plain-rows.ts';
import { PipelineError } from '../../errors.ts';
import { parsePlainJson } from '../../json/plain-json.ts';
import type { Warehouse } from './warehouse.ts';
import { WarehouseReader } from './warehouse-reader.ts';

/** Rows of a table or view, in the engine's order. The session is open until the last one is read or the loop is left. */
export async function* serverRows(warehouse: Warehouse, name: string): AsyncGenerator<PlainRow> {
  const reader = await WarehouseReader.open(warehouse);
  try {
    const { names, dialect } = warehouse;
    const alike = reader.tables.filter((table) => table.name.toLowerCase() === name.toLowerCase());
    const found = alike.find((table) => table.name === name) ?? alike[0];
    if (found === undefined) throw noTable(name, names.dataset, reader);
    const { columns, batches } = await reader.query(`select * from ${dialect.relation(names.dataset, found.name)}`);
    for await (const batch of batches()) for (const row of batch) yield plainRow(columns, row, parsePlainJson);
  } finally {
    reader.close();
  }
}

// --- internal ---

function noTable(name: string, dataset: string, { tables }: WarehouseReader): PipelineError {
  const there = tables.map((table) => table.name);
  return new PipelineError({
    code: 'UsageInvalid',
    message: `There is no table \`${name}\` in the dataset ${dataset}.`,
    hint: `It has these: ${there.join(', ')}.`,
    facts: { table: name, dataset, tables: there },
  });
}
