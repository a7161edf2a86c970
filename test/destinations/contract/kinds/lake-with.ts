import type { Connection } from '../../../../src/duckdb/connection.ts';
import { Database } from '../../../../src/duckdb/database.ts';
import { quotedString } from '../../../../src/duckdb/quote.ts';
import type { Place, Settings, TestDestination } from '../test-destination.ts';
import { readAttached } from './read-attached.ts';

const extensions = process.env.TEST_EXTENSIONS ?? '';

const WIDE = 'integers beyond 64 bits are decimals there, which come as text';

/** A lake, by where its catalogue and its data are. */
export interface LakeParts {
  readonly name: string;
  /** Beside `type` and the folder of the extensions. */
  settings(place: Place): object;
  /** What DuckDB needs beside `ducklake`. */
  readonly extensions: readonly string[];
  /** `create secret`, and what else comes first. */
  readonly statements?: readonly string[];
  /** What stands behind `ducklake:`, and in brackets. */
  attachment(place: Place): { readonly catalog: string; readonly options?: string };
  readonly env?: TestDestination['env'];
  readonly unreachable?: (place: Place) => object;
  /** What lies outside of the folder of the place. */
  drop?(place: Place): Promise<void>;
}

export function lakeWith(parts: LakeParts): TestDestination {
  const { name, env, unreachable } = parts;
  const whole = (more: object): Settings => ({ type: 'ducklake', extension_directory: extensions, ...more });
  return {
    name,
    settings: (place, more) => whole({ ...parts.settings(place), ...more }),
    ...(env && { env }),
    ...(unreachable && { unreachable: (place: Place) => whole(unreachable(place)) }),
    read: (place) => withLake(parts, place, (connection) => readAttached(connection, 'lake', place.dataset)),
    sql: (place, statement) =>
      withLake(parts, place, async (connection) => {
        await connection.run(`use lake."${place.dataset}"`);
        await connection.run(statement);
        await connection.run('use memory.main');
      }),
    drop: async (place) => parts.drop?.(place),
    readsOtherwise: { integers: WIDE, huge: WIDE },
    lacks: {
      hugest: {
        why: 'DuckLake keeps integers of 38 digits',
        refused: /Could not cast value 1701\d+ to DECIMAL\(38,0\)/,
      },
    },
  };
}

/** Attached as `lake`, past our own code. */
export async function withLake<T>(
  parts: LakeParts,
  place: Place,
  work: (connection: Connection) => Promise<T>,
): Promise<T> {
  const { catalog, options } = parts.attachment(place);
  const database = await Database.open({ tempDirectory: place.folder, threads: 1 });
  try {
    const connection = await database.connect();
    await connection.run(`set global extension_directory = ${quotedString(extensions)}`);
    for (const extension of ['ducklake', ...parts.extensions]) await connection.run(`load ${extension}`);
    for (const statement of parts.statements ?? []) await connection.run(statement);
    await connection.run(`attach ${quotedString(`ducklake:${catalog}`)} as lake ${options ?? ''}`);
    return await work(connection);
  } finally {
    database.close();
  }
}
