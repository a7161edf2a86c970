import { parameterOf } from '../duckdb/parameter.ts';
import { type PlainRow, plainRow } from '../duckdb/plain-rows.ts';
import { quotedIdentifier } from '../duckdb/quote.ts';
import { parsePlainJson } from '../json/plain-json.ts';
import type { Answering, Question } from './question.ts';

/** Opens the newest file, asks it, closes it. */
export async function* answer(answering: Answering, ask: Question): AsyncGenerator<PlainRow, void, undefined> {
  const { sql, values } = ask(quotedIdentifier);
  const parameters = values.map(parameterOf);
  const reader = await answering.open();
  try {
    const { columns, batches } = await reader.query(sql, parameters);
    for await (const batch of batches()) {
      for (const row of batch) yield plainRow(columns, row, parsePlainJson);
    }
  } finally {
    answering.close(reader);
  }
}
