import { type Fragment, fragment } from '../../../load/staging/sql-fragment.ts';
import type { Carrier } from '../dialect.ts';
import type { Server } from '../server-dataset.ts';
import type { StagedRows } from '../warehouse-transport.ts';

/** Rows that are only added to a table. */
export interface AddedRows {
  readonly relation: string;
  readonly rows: StagedRows;
  /** By column of `rows`. */
  readonly carriers: ReadonlyMap<string, Carrier>;
}

/** A piece of what a load writes. */
export type Step =
  | { readonly run: Fragment; readonly counted?: (rows: number) => void }
  | { readonly add: AddedRows; readonly counted?: (rows: number) => void }
  /** What is said of the steps before. */
  | { readonly tell: () => void };

/**
 * What a load writes, in order. Where a transaction holds everything it is written at once; elsewhere when all is known and
 * staged, so that nothing is written of a load that is refused.
 */
export class LoadScript {
  readonly #server: Server;
  readonly #later: (() => Promise<void>)[] = [];

  constructor(server: Server) {
    this.#server = server;
  }

  async perform(steps: readonly Step[]): Promise<void> {
    for (const step of steps) {
      const ready = await this.#prepared(step);
      if (this.#server.dialect.atomic === 'load') await ready();
      else this.#later.push(ready);
    }
  }

  /** Writes what was kept until now. */
  async finish(): Promise<void> {
    for (const work of this.#later.splice(0)) await work();
  }

  async #prepared(step: Step): Promise<() => Promise<void>> {
    if ('tell' in step) return async () => step.tell();
    const { counted = () => undefined } = step;
    const work = 'run' in step ? () => this.#server.transport.execute(step.run) : await this.#adding(step.add);
    return async () => counted(await work());
  }

  async #adding({ relation, rows, carriers }: AddedRows): Promise<() => Promise<number>> {
    const { transport, dialect } = this.#server;
    if (dialect.copiesIntoTables && transport.copyInto !== undefined) {
      const copy = transport.copyInto.bind(transport);
      return () => copy(relation, rows);
    }
    const source = await transport.stage(rows);
    const names = rows.columns.map(({ name }) => dialect.identifier(name));
    const values = rows.columns.map(({ name }) => readFrom('s', name, carriers, dialect.identifier));
    return () =>
      transport.execute(
        fragment(`insert into ${relation} (${names.join(', ')}) select ${values.join(', ')} from ${source} as s`),
      );
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
