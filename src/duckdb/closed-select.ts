import { count } from '../text/count.ts';
import { statementsIn } from './serialized-sql.ts';

/** Table functions that make rows of nothing but their arguments. */
const harmless = new Set(['range', 'generate_series', 'unnest', 'repeat', 'repeat_row', 'json_each', 'json_tree']);
/** Functions that change something. */
const changing = new Set(['nextval', 'setseed', 'write_log', 'sleep_ms']);

/**
 * Why a statement is not one `select` that sees the dataset and nothing else, from what `json_serialize_sql` says of it; undefined
 * where it is. DuckDB takes a table that it does not find for a file.
 */
export function whyNotClosed(serialized: string, dataset: string): string | undefined {
  const parsed = statementsIn(serialized);
  if ('problem' in parsed) return parsed.problem;
  const [statement, ...more] = parsed.statements;
  const isOne = statement !== undefined && more.length === 0;
  return isOne ? reaching(statement, dataset) : `holds ${count(parsed.statements.length, 'statement')}`;
}

// --- internal ---

/** The first thing in it that reaches beyond the dataset. */
function reaching(value: unknown, dataset: string): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const found = Array.isArray(value) ? undefined : (tableProblem(value, dataset) ?? functionProblem(value));
  if (found !== undefined) return found;
  for (const member of Object.values(value)) {
    const below = reaching(member, dataset);
    if (below !== undefined) return below;
  }
  return undefined;
}

function tableProblem(node: object, dataset: string): string | undefined {
  const type = Reflect.get(node, 'type');
  if (type === 'TABLE_FUNCTION') {
    const name = textAt(Reflect.get(node, 'function'), 'function_name').toLowerCase();
    return harmless.has(name) ? undefined : `calls \`${name}\`, which sees more than the dataset`;
  }
  if (type !== 'BASE_TABLE') return undefined;
  const [catalog, schema, table] = [
    textAt(node, 'catalog_name'),
    textAt(node, 'schema_name'),
    textAt(node, 'table_name'),
  ];
  const isOwn = schema === '' || [dataset.toLowerCase(), 'information_schema'].includes(schema.toLowerCase());
  if (catalog === '' && isOwn && !/[./\\:*]/.test(table)) return undefined;
  const name = [catalog, schema, table].filter((part) => part !== '').join('.');
  return `reads \`${name}\`, which is no table of the dataset \`${dataset}\``;
}

function functionProblem(node: object): string | undefined {
  const kind = Reflect.get(node, 'class');
  if (kind === 'PARAMETER') return 'holds a `?` or `$1`, of which nobody knows the value';
  const name = kind === 'FUNCTION' ? textAt(node, 'function_name').toLowerCase() : '';
  return changing.has(name) ? `calls \`${name}\`, which changes something` : undefined;
}

function textAt(value: unknown, key: string): string {
  const found = typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
  return typeof found === 'string' ? found : '';
}
