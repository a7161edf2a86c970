interface Named {
  readonly name: string;
}

/** Functions that run SQL, or read tables, of names that can be made up while they run. */
const ASKS_ANYTHING = /\b(?:query|query_table|json_execute_serialized_sql)\b/i;

/**
 * Of these tables and views, those whose names stand in SQL, wherever that is: at least those that it reads. DuckDB itself names
 * none for SQL with parameters.
 */
export function namesIn(sql: string, tables: readonly Named[]): readonly string[] {
  const names = tables.map(({ name }) => name);
  if (ASKS_ANYTHING.test(sql)) return names;
  const text = sql.toLowerCase().replaceAll('""', '"');
  return names.filter((name) => standsIn(text, name.toLowerCase()));
}

// --- internal ---

/** Not as a part of a longer name. */
function standsIn(text: string, name: string): boolean {
  for (let at = text.indexOf(name); at !== -1; at = text.indexOf(name, at + 1)) {
    if (!isOfName(text[at - 1]) && !isOfName(text[at + name.length])) return true;
  }
  return false;
}

function isOfName(character: string | undefined): boolean {
  return character !== undefined && /\w/.test(character);
}
