import { statementsIn } from './serialized-sql.ts';

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
  const parsed = statementsIn(serialized, 'expression');
  if ('problem' in parsed) throw new NoExpression(parsed.problem);
  const [first, ...more] = parsed.statements;
  const node = memberOf(first, 'node');
  const [selected, ...others] = listAt(node, 'select_list');
  if (more.length > 0 || selected === undefined || others.length > 0 || !isBare(node))
    throw new NoExpression('is more than one expression');
  const found = namesIn(selected);
  return { sql, names: found };
}

// --- internal ---

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

/** Names of columns, but those that the expression itself gives to something, where it does. Throws NoExpression. */
function namesIn(value: unknown, own: ReadonlySet<string> = new Set()): string[] {
  if (typeof value !== 'object' || value === null) return [];
  const kind = memberOf(value, 'class');
  if (kind === 'PARAMETER') throw new NoExpression('holds a `?` or `$1`, of which nobody knows the value');
  if (kind === 'STAR') throw new NoExpression('holds a `*`, which is many values');
  if (kind === 'COLUMN_REF') {
    const [column] = listAt(value, 'column_names');
    return typeof column === 'string' && !own.has(column) ? [column] : [];
  }
  if (kind === 'LAMBDA') return namesInLambda(value, own);
  const inner = kind === 'SUBQUERY' ? new Set([...own, ...aliasesIn(value)]) : own;
  return [...new Set(Object.values(value).flatMap((member) => namesIn(member, inner)))];
}

/** `lambda x: …`, or `x -> …`, which `author->'name'` looks like, too: it is none where what stands left of it is not used at its right. */
function namesInLambda(value: object, own: ReadonlySet<string>): string[] {
  const [left, right] = [memberOf(value, 'lhs'), memberOf(value, 'expr')];
  const made = namesIn(left);
  const used = namesIn(right, own);
  // What `lambda` makes has no place in the text.
  const isMade = !Number.isSafeInteger(memberOf(left, 'query_location')) || made.some((name) => used.includes(name));
  return isMade ? namesIn(right, new Set([...own, ...made])) : [...namesIn(left, own), ...used];
}

/** What a query names, columns and tables; `isField`: of a struct, which is nobody's name. */
function aliasesIn(value: unknown, isField = false): string[] {
  if (typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) return value.flatMap((item: unknown) => aliasesIn(item, isField));
  const isCall = memberOf(value, 'class') === 'FUNCTION';
  const names = [...(isField ? [] : [memberOf(value, 'alias')]), ...listAt(value, 'column_name_alias')];
  const below = Object.entries(value).flatMap(([key, member]) => aliasesIn(member, isCall && key === 'children'));
  return [...names.filter((name) => typeof name === 'string'), ...below];
}

function listAt(value: unknown, key: string): readonly unknown[] {
  const list = memberOf(value, key);
  return Array.isArray(list) ? list : [];
}

function memberOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}
