import { printable } from '../text/printable.ts';

/** One SQL expression, as DuckDB reads it. */
export interface Expression {
  readonly sql: string;
  /** Of columns, as they are written, each once. */
  readonly names: readonly string[];
}

/** A text that is no expression of one value, or that nothing could make one. The message ends a sentence about it. */
export class NoExpression extends Error {}

/** The statement that `json_serialize_sql` is to take apart. A comment at the end of the expression ends with its line. */
export function statementOf(sql: string): string {
  return `select (${sql}\n)`;
}

/** What `json_serialize_sql` says of `statementOf(sql)`. Throws NoExpression. */
export function expressionIn(sql: string, serialized: string): Expression {
  const parsed: Parsed = JSON.parse(serialized);
  if (parsed.error) {
    const isOther = parsed.error_message?.startsWith('Only SELECT statements') === true;
    throw new NoExpression(isOther ? 'is no expression' : `cannot be read: ${printable(parsed.error_message ?? '')}`);
  }
  const [first, ...more] = parsed.statements ?? [];
  const node = first?.node;
  const [selected, ...others] = listAt(node, 'select_list');
  if (more.length > 0 || selected === undefined || others.length > 0 || !isBare(node))
    throw new NoExpression('is more than one expression');
  const found = namesIn(selected);
  return { sql, names: found };
}

// --- internal ---

interface Parsed {
  readonly error: boolean;
  readonly error_message?: string;
  readonly statements?: readonly { readonly node?: unknown }[];
}

/** Nothing but the expression: no `from`, no `where`, no other select behind it. */
function isBare(node: unknown): boolean {
  const clauses = ['where_clause', 'having', 'sample', 'qualify'];
  return (
    memberOf(node, 'type') === 'SELECT_NODE' &&
    memberOf(memberOf(node, 'from_table'), 'type') === 'EMPTY' &&
    clauses.every((clause) => memberOf(node, clause) == null) &&
    [listAt(node, 'modifiers'), listAt(node, 'group_expressions')].every((list) => list.length === 0)
  );
}

/** Names of columns, but those that the expression itself gives to something. Throws NoExpression. */
function namesIn(selected: unknown): string[] {
  const names = new Set<string>();
  const own = new Set<string>();
  const open: unknown[] = [selected];
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    if (typeof value !== 'object' || value === null) continue;
    const kind = memberOf(value, 'class');
    if (kind === 'PARAMETER') throw new NoExpression('holds a `?` or `$1`, of which nobody knows the value');
    if (kind === 'STAR') throw new NoExpression('holds a `*`, which is many values');
    const [column] = kind === 'COLUMN_REF' ? listAt(value, 'column_names') : [];
    // `lambda x: …` makes its names: they have no place in the text.
    const isMade = !Number.isSafeInteger(memberOf(value, 'query_location'));
    if (typeof column === 'string' && !isMade) names.add(column);
    const aliases = [memberOf(value, 'alias'), ...listAt(value, 'column_name_alias'), ...(isMade ? [column] : [])];
    for (const alias of aliases) if (typeof alias === 'string') own.add(alias);
    // In their order: the last that is pushed is the next that is taken.
    for (const member of Object.values(value).reverse()) open.push(member);
  }
  return [...names].filter((name) => !own.has(name));
}

function listAt(value: unknown, key: string): readonly unknown[] {
  const list = memberOf(value, key);
  return Array.isArray(list) ? list : [];
}

function memberOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}
