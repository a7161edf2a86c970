import type { FieldDef } from 'pg';
import { type ForeignType, foreignType } from '../../../duckdb/foreign-values.ts';
import { distinctNames, type QueryColumn, type QueryRow } from '../../../duckdb/query-stream.ts';
import type { Dialect } from '../dialect.ts';

/** Every value as text, as the server writes it. */
export type TextRow = readonly (string | null)[];

export interface TextRows {
  readonly fields: readonly FieldDef[];
  readonly rows: readonly TextRow[];
}

/** What columns of an answer are in DuckDB: the server is asked what its types are called, each once. */
export class PostgresValues {
  readonly #ask: (sql: string) => Promise<TextRows>;
  readonly #typeOf: Dialect['duckdbTypeOf'];
  readonly #types = new Map<string, ForeignType>();

  constructor(ask: (sql: string) => Promise<TextRows>, typeOf: Dialect['duckdbTypeOf']) {
    this.#ask = ask;
    this.#typeOf = typeOf;
  }

  async typesOf(fields: readonly FieldDef[]): Promise<readonly ForeignType[]> {
    const unknown = fields.filter((field) => !this.#types.has(keyOf(field)));
    if (unknown.length > 0) {
      const named = unknown.map(
        ({ dataTypeID, dataTypeModifier }) => `format_type(${dataTypeID}, ${dataTypeModifier})`,
      );
      const [names = []] = (await this.#ask(`select ${named.join(', ')}`)).rows;
      for (const [at, field] of unknown.entries()) this.#types.set(keyOf(field), this.#typeNamed(names[at] ?? ''));
    }
    return fields.map((field) => this.#types.get(keyOf(field)) ?? foreignType('VARCHAR'));
  }

  /** Of a number without fixed digits each value has its own. */
  #typeNamed(native: string): ForeignType {
    return foreignType(native === 'numeric' ? 'DECIMAL' : (this.#typeOf(native) ?? 'VARCHAR'));
  }
}

export function columnsOf(fields: readonly FieldDef[], types: readonly ForeignType[]): QueryColumn[] {
  const names = distinctNames(fields.map(({ name }) => name));
  return types.map(({ type }, at) => ({ name: names[at] ?? '', type }));
}

export function valuesOf(row: TextRow, types: readonly ForeignType[]): QueryRow {
  return types.map(({ read }, at) => {
    const text = row[at] ?? null;
    return text === null ? null : read(text);
  });
}

// --- internal ---

function keyOf({ dataTypeID, dataTypeModifier }: FieldDef): string {
  return `${dataTypeID}/${dataTypeModifier}`;
}
