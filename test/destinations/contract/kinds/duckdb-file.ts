import { join } from 'node:path';
import { withDuckdbFile } from '../../../support/duckdb-file.ts';
import type { Place, TestDestination } from '../test-destination.ts';
import { readAttached } from './read-attached.ts';

const fileOf = ({ folder }: Place) => join(folder, 'destination.duckdb');

/** What all others are compared with. */
export const duckdbFile: TestDestination = {
  name: 'duckdb',
  settings: (place, more) => ({ type: 'duckdb', path: fileOf(place), ...more }),
  read: (place) => withDuckdbFile(fileOf(place), (connection) => readAttached(connection, 'file', place.dataset)),
  sql: (place, statement) =>
    withDuckdbFile(fileOf(place), async (connection) => {
      await connection.run(`use file."${place.dataset}"`);
      await connection.run(statement);
      await connection.run('use memory.main');
    }),
  drop: async () => {},
  lacks: {},
};
