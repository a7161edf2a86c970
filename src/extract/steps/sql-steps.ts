import type { Expression } from '../../duckdb/expression.ts';
import type { Expressions, Rows, ValueColumn } from '../../duckdb/expressions.ts';
import type { Json } from '../../json/json-value.ts';
import { throwIfInterrupted } from '../interruption.ts';
import { alternativesIn } from './alternatives.ts';
import type { Item } from './item.ts';
import { pageColumn } from './page-columns.ts';
import { expressionFailed, oneColumn, type StepPlace } from './step-failed.ts';
import type { StepNotes } from './step-notes.ts';

export interface SqlParts {
  /** Where in the resource the expression stands. */
  readonly key: string;
  readonly expressions: Expressions;
  readonly resource: string;
  readonly signal: AbortSignal | undefined;
  readonly notes: StepNotes;
}

/** A SQL expression over the keys of records, a page at a time. */
export class SqlStep {
  readonly #parts: SqlParts;
  readonly #expression: Expression;
  /** `filter: price > 5`, for messages. */
  readonly #step: string;
  readonly #alternatives: readonly (readonly string[])[];
  /** The types that keys had on the pages before, for those of which a page has no value. */
  readonly #types = new Map<string, string>();

  private constructor(parts: SqlParts, expression: Expression, { step, sql }: { step: string; sql: string }) {
    this.#parts = parts;
    this.#expression = expression;
    this.#step = step;
    this.#alternatives = alternativesIn(sql, expression.names);
  }

  static async open(parts: SqlParts, step: string, sql: string): Promise<SqlStep> {
    return new SqlStep(parts, await parts.expressions.parse(sql), { step, sql });
  }

  /** Of the keys that it is about. */
  get names(): readonly string[] {
    return this.#expression.names;
  }

  /** The items for which it holds. */
  async filter(items: readonly Item[]): Promise<readonly Item[]> {
    const { expressions, signal } = this.#parts;
    const kept = new Set(await this.#over(items, (rows) => expressions.holding(this.#expression, rows, signal)));
    return items.filter((_, index) => kept.has(index));
  }

  /** A value for each item. */
  values(items: readonly Item[]): Promise<readonly Json[]> {
    const { expressions, signal } = this.#parts;
    return this.#over(items, (rows) => expressions.values(this.#expression, rows, signal));
  }

  async #over<T>(items: readonly Item[], evaluate: (rows: Rows) => Promise<T>): Promise<T> {
    this.#requireOneEach(items);
    const columns = this.#expression.names.map((name) => this.#column(name, items));
    const count = items.length;
    try {
      return await evaluate({ count, columns }).catch((error: unknown) => {
        // A null without a type fits most functions, but not all.
        if (!isAboutTypes(error) || columns.every(({ texts }) => texts !== undefined)) throw error;
        const nulls = Array.from({ length: count }, () => null);
        return evaluate({ count, columns: columns.map((column) => ({ ...column, texts: column.texts ?? nulls })) });
      });
    } catch (error) {
      throwIfInterrupted(this.#parts.signal);
      throw expressionFailed(this.#place, error);
    }
  }

  get #place(): StepPlace {
    return { step: this.#step, resource: this.#parts.resource, key: this.#parts.key };
  }

  /** To DuckDB `Name` and `name` are the same, so it would take one for the other. */
  #requireOneEach(items: readonly Item[]): void {
    const names = new Map<string, string>();
    for (const name of this.#expression.names.filter((key) => items.some((item) => Object.hasOwn(item, key)))) {
      const other = names.get(name.toLowerCase());
      if (other !== undefined) throw oneColumn(this.#place, other, name);
      names.set(name.toLowerCase(), name);
    }
  }

  #column(name: string, items: readonly Item[]): ValueColumn {
    const column = pageColumn(name, items);
    const isThere = column !== undefined || items.some((item) => Object.hasOwn(item, name));
    const others = this.#alternatives.filter((names) => names.includes(name)).flat();
    this.#parts.notes.named(this.#step, name, isThere, others);
    if (column !== undefined) {
      this.#types.set(name, column.type);
      return column;
    }
    const type = this.#types.get(name);
    return type === undefined ? { name, type: 'VARCHAR' } : { name, type, texts: items.map(() => null) };
  }
}

// --- internal ---

function isAboutTypes(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('Binder Error');
}
