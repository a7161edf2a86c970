import type { Answering, Parameters, Question } from './question.ts';

/**
 * A question to the dataset. It is asked when its rows are: each time anew, of the newest file.
 *
 * @example
 * for await (const row of models.sql('select id from models where price > ?', ['3.5'])) console.log(row.id);
 */
export abstract class Query<Row> implements AsyncIterable<Row> {
  readonly #answering: Answering;

  constructor(answering: Answering) {
    this.#answering = answering;
  }

  /** What is asked. */
  protected abstract parts(quoted: (name: string) => string): ReturnType<Question>;

  /** Rows as they come, never all at once in memory. The file is open until the last one is read or the loop is left. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Row, void, undefined> {
    const { answer } = await import('./plain-answer.ts');
    // What a row holds is what its SQL says; whoever names a type says that it fits.
    yield* answer(this.#answering, (quoted) => this.parts(quoted)) as AsyncGenerator<Row, void, undefined>;
  }

  /** All of them. */
  async rows(): Promise<Row[]> {
    const rows: Row[] = [];
    for await (const row of this) rows.push(row);
    return rows;
  }
}

/** SQL as somebody wrote it. */
export class SqlQuery<Row> extends Query<Row> {
  readonly #sql: string;
  readonly #values: Parameters;

  constructor(answering: Answering, sql: string, values: Parameters) {
    super(answering);
    this.#sql = sql;
    this.#values = values;
  }

  protected parts() {
    return { sql: this.#sql, values: this.#values };
  }
}
