import type { Item } from './item.ts';
import { type SqlParts, SqlStep } from './sql-steps.ts';
import { StepNotes } from './step-notes.ts';

interface ConditionPlace extends Pick<SqlParts, 'resource' | 'signal' | 'key'> {
  /** The key that the condition stands under. */
  readonly step: string;
}

/** A SQL condition over the keys of records, in a DuckDB of its own. To be closed. */
export class Condition {
  readonly #step: SqlStep;
  readonly #expressions: SqlParts['expressions'];
  #last: Promise<unknown> = Promise.resolve();

  private constructor(step: SqlStep, expressions: SqlParts['expressions']) {
    this.#step = step;
    this.#expressions = expressions;
  }

  /** Throws NoExpression for SQL that `validate` would have refused. */
  static async open(sql: string, { step, ...place }: ConditionPlace): Promise<Condition> {
    const { Expressions } = await import('../../duckdb/expressions.ts');
    const expressions = await Expressions.open();
    try {
      const parts = { ...place, expressions, notes: new StepNotes() };
      return new Condition(await SqlStep.open(parts, `${step}: ${sql}`, sql), expressions);
    } catch (error) {
      expressions.close();
      throw error;
    }
  }

  /** Of the keys that it is about. */
  get names(): readonly string[] {
    return this.#step.names;
  }

  /** One question after another, whoever asks: they share a connection. */
  async holdsForAll(items: readonly Item[]): Promise<boolean> {
    if (items.length === 0) return true;
    const kept = this.#last.then(() => this.#step.filter(items));
    this.#last = kept.catch(() => undefined);
    return (await kept).length === items.length;
  }

  close(): void {
    this.#expressions.close();
  }
}
