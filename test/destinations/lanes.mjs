import { provideExtensions } from './servers/extensions.mjs';
import { startPostgres } from './servers/postgres.mjs';

/** What each lane needs, by its name, which is that of its file in `contract/`. */
export const lanes = {
  duckdb: [],
  ducklake: [provideExtensions],
  postgres: [startPostgres],
  filesystem: [],
};

/** What is run where nobody asks for one by name. */
export const defaultLanes = ['duckdb', 'ducklake', 'postgres', 'filesystem'];
