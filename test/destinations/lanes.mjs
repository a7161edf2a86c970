import { provideExtensions } from './servers/extensions.mjs';
import { startPostgres } from './servers/postgres.mjs';

/**
 * Each lane by its name, which is that of its file in `contract/`: the servers and clients that it needs, and how somebody who has an
 * account says where that is.
 */
export const lanes = {
  duckdb: { servers: [] },
  ducklake: { servers: [], clients: [provideExtensions] },
  postgres: {
    servers: [startPostgres],
    account: 'TEST_POSTGRES=postgresql://USER:PASSWORD@HOST:5432/DATABASE',
  },
  filesystem: { servers: [] },
};

/** What is run where nobody asks for one by name. */
export const defaultLanes = ['duckdb', 'ducklake', 'postgres', 'filesystem'];
