import { type Fragment, fragment } from '../../../load/staging/sql-fragment.ts';
import { allAtOnce } from '../at-once.ts';
import type { Carrier } from '../dialect.ts';
import type { Server } from '../server-dataset.ts';
import type { CopiedRows, StagedRows } from '../warehouse-transport.ts';

/** Rows that are only added to a table. */
export interface AddedRows {
  readonly relation: string;
  readonly rows: StagedRows;
  /** By column of `rows`. */
  readonly carriers: ReadonlyMap<string, Carrier>;
}

/** Told of how many rows were written, and of how many more were sent. */
type Counted = (rows: number, refused: number) => void;

/** A piece of what a load writes. */
export type Step =
  | { readonly run: Fragment; readonly counted?: Counted }
  | { readonly add: AddedRows; readonly counted?: Counted }
  /** What is said of the steps before. */
  | { readonly tell: () => void };

/**
 * What a load writes, in order. Where a transaction holds everything it is written at once; elsewhere when all is known and
 * staged, so that nothing is written of a load that is refused.
 */
export class LoadScript {
  readonly #server: Server;
  /** In each part, what is written one after another. */
  readonly #later: (() => Promise<void>)[][] = [];

  constructor(server: Server) {
    this.#server = server;
  }

  async perform(steps: readonly Step[]): Promise<void> {
    for (const step of steps) {
      const ready = await this.#prepared(step);
      if (this.#server.dialect.atomic === 'load') await ready();
      else this.#part().push(ready);
    }
  }

  /** What comes from here on is about other tables than what came before. */
  part(): void {
    this.#later.push([]);
  }

  /** Writes what was kept until now. */
  async finish(): Promise<void> {
    const parts = this.#later.splice(0).map((works) => async () => {
      for (const work of works) await work();
    });
    await allAtOnce(parts, this.#server.transport.atOnce);
  }

  #part(): (() => Promise<void>)[] {
    const last = this.#later.at(-1);
    if (last !== undefined) return last;
    this.part();
    return this.#part();
  }

  async #prepared(step: Step): Promise<() => Promise<void>> {
    if ('tell' in step) return async () => step.tell();
    const { counted = () => undefined } = step;
    if ('run' in step) return async () => counted(await this.#server.transport.execute(step.run), 0);
    const adding = await this.#adding(step.add);
    return async () => {
      const { sent, taken } = await adding();
      counted(taken, sent - taken);
    };
  }

  async #adding({ relation, rows, carriers }: AddedRows): Promise<() => Promise<CopiedRows>> {
    const { transport, dialect } = this.#server;
    if (dialect.copiesIntoTables && transport.copyInto !== undefined) {
      const copy = transport.copyInto.bind(transport);
      return () => copy(relation, rows);
    }
    const source = await transport.stage(rows);
    const names = rows.columns.map(({ name }) => dialect.identifier(name));
    const values = rows.columns.map(({ name }) => readFrom('s', name, carriers, dialect.identifier));
    const insert = `insert into ${relation} (${names.join(', ')}) select ${values.join(', ')} from ${source} as s`;
    return async () => {
      const taken = await transport.execute(fragment(insert));
      return { sent: taken, taken };
    };
  }
}

/** The value of a staged column, as the table takes it. */
export function readFrom(
  alias: string,
  column: string,
  carriers: ReadonlyMap<string, Carrier>,
  identifier: (name: string) => string,
): string {
  const staged = `${alias}.${identifier(column)}`;
  return carriers.get(column)?.read(staged) ?? staged;
}
