import type { EndpointConfig } from '../grammar/resource-schema.ts';
import { isValuesParam } from '../values-param.ts';
import { below, type Finding } from './finding.ts';

/** Blanks, comments and opening brackets before the first word of a statement. */
const beginning = /^(?:\s|\(|--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/)*/;
const reading = new Set(['select', 'with', 'from', 'values', 'table']);

/** Queries of `values` parameters that can be seen to change something, or nothing; the rest is DuckDB's to say when they run. */
export function checkQueries(params: EndpointConfig['params'] = {}): Finding[] {
  return Object.entries(params).flatMap(([name, param]) => {
    if (!isValuesParam(param)) return [];
    return param.from.flatMap((source, index) =>
      'query' in source ? below([name, 'from', index, 'query'], checkQuery(source.query)) : [],
    );
  });
}

/** A statement that changes something, or is none. */
export function checkQuery(sql: string): Finding[] {
  const [word = ''] = /^\w*/.exec(sql.replace(beginning, '')) ?? [];
  if (reading.has(word.toLowerCase())) return [];
  const got = word === '' ? '' : `, got \`${word}\``;
  return [{ path: [], message: `expected one \`select\`${got}: a query reads the live file and changes nothing` }];
}
