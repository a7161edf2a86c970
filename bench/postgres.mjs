import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { startPostgres } from '../test/destinations/servers/postgres.mjs';
import { interleave, report } from './measure.mjs';
import { list, runConfig } from './run-config.mjs';

/** The nested records of `bulk` over loopback into a PostgreSQL server of this machine, beside the same run into a DuckDB file. */
export async function postgres({ clis, work, runs, url, title }) {
  const server = await startPostgres();
  try {
    const connection = server.env.TEST_POSTGRES;
    const client = `base_url: ${JSON.stringify(url)}`;
    const folder = join(work, 'postgres');
    const [toFile, toServer] = [join(work, 'to-file.yaml'), join(work, 'to-server.yaml')];
    writeFileSync(toFile, runConfig({ folder, client, resource: list }));
    const destination = `{ type: postgres, credentials: ${JSON.stringify(connection)} }`;
    writeFileSync(toServer, runConfig({ folder, client, resource: list, destination }));
    const clean = () => rmSync(folder, { recursive: true, force: true });
    const contenders = clis.flatMap((cli) => [
      { name: 'run: loopback server → live file', args: [cli, 'run', '-c', toFile], before: clean },
      {
        name: 'run: loopback server → PostgreSQL',
        args: [cli, 'run', '-c', toServer],
        before: async () => {
          clean();
          await withoutDataset(connection);
        },
      },
    ]);
    report(`${title}, PostgreSQL without fsync`, contenders, await interleave(contenders, runs));
  } finally {
    await server.stop();
  }
}

async function withoutDataset(connectionString) {
  const client = new pg.Client({ connectionString });
  await client.connect();
  await client.query('drop schema if exists data cascade');
  await client.end();
}
