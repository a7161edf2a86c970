import { spawn } from 'node:child_process';
import { expect, it } from 'vitest';
import { cliScript, resultOf } from '../support/cli.ts';
import { smallProject } from '../support/project.ts';
import { query } from '../support/published.ts';
import { useServer } from '../support/server.ts';

const resources = [
  { name: 'items', primary_key: 'id', write_disposition: 'merge', endpoint: { path: 'items', data_selector: 'data' } },
];

it.skipIf(process.platform === 'win32').each([
  ['the first file', 8, /ledger\.duckdb could not be written: it would be longer/],
  ['the destination', 64, /file\.duckdb could not be written: it would be longer/],
])(
  'a limit that lets only the beginning of %s be made is told, and without it the next run loads',
  async (_, limit, told) => {
    const { url } = await useServer(() => ({ data: [{ id: 1 }] }));
    const { run, cwd, file } = await smallProject(url, { resources });
    const limited = `trap '' XFSZ; ulimit -f ${limit}; exec "$@"`; // blocks of 512 bytes, or of 1,024
    const { code, stderr } = await resultOf(
      spawn('sh', ['-c', limited, 'sh', process.execPath, cliScript, 'run'], {
        cwd,
        env: { PATH: process.env.PATH, SHOP_KEY: 'KEY-0123456789' },
      }),
    );
    expect(stderr).toMatch(told);
    expect(code).toBe(6);

    expect(await run()).toMatchObject({ code: 0, stderr: '' });
    expect(await query(file, 'select id::integer as id from items')).toEqual([{ id: 1 }]);
  },
);
