import { join } from 'node:path';
import type { Connection } from '../../../../src/duckdb/connection.ts';
import { Database } from '../../../../src/duckdb/database.ts';
import { quotedString } from '../../../../src/duckdb/quote.ts';
import type { Place, TestDestination } from '../test-destination.ts';
import { readAttached } from './read-attached.ts';

const extensions = process.env.TEST_EXTENSIONS ?? '';
const catalogOf = ({ folder }: Place) => join(folder, 'lake.ducklake');

const WIDE = 'integers beyond 64 bits are decimals there, which come as text';

/** The catalogue in a DuckDB file, the data in a folder. */
export const ducklake: TestDestination = {
  name: 'ducklake',
  settings: (place, more) => ({
    type: 'ducklake',
    catalog: catalogOf(place),
    extension_directory: extensions,
    ...more,
  }),
  read: (place) => withLake(place, (connection) => readAttached(connection, 'lake', place.dataset)),
  sql: (place, statement) =>
    withLake(place, async (connection) => {
      await connection.run(`use lake."${place.dataset}"`);
      await connection.run(statement);
      await connection.run('use memory.main');
    }),
  drop: async () => {},
  readsOtherwise: { integers: WIDE, huge: WIDE },
  lacks: {
    hugest: { why: 'DuckLake keeps integers of 38 digits', refused: /Could not cast value 1701\d+ to DECIMAL\(38,0\)/ },
  },
};

// --- internal ---

async function withLake<T>(place: Place, work: (connection: Connection) => Promise<T>): Promise<T> {
  const database = await Database.open({ tempDirectory: place.folder, threads: 1 });
  try {
    const connection = await database.connect();
    await connection.run(`set global extension_directory = ${quotedString(extensions)}`);
    await connection.run('load ducklake');
    await connection.run(`attach ${quotedString(`ducklake:${catalogOf(place)}`)} as lake`);
    return await work(connection);
  } finally {
    database.close();
  }
}
