import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { publishInto } from '../../../../src/destinations/attached/publish/publish-into.ts';
import { Database } from '../../../../src/duckdb/database.ts';
import { realEffects } from '../../../../src/effects.ts';
import { findingsOf } from '../../../support/findings.ts';

/** At least. */
const SWAPS = 8;
const ROWS_A_LOAD = 5_000;

/** Opens the file anew again and again and reads both tables whole, until its input ends; tells each time how many loads it saw. */
const reader = `
  import { DuckDBInstance } from '@duckdb/node-api';
  let done = false;
  process.stdin.on('end', () => { done = true; }).resume();
  while (!done) {
    const instance = await DuckDBInstance.create(process.argv[1], { access_mode: 'READ_ONLY', threads: '1' });
    const connection = await instance.connect();
    const [[loaded, rows, sum, texts]] = (await connection.runAndReadAll(
      'select (select count(*) from loads), count(*), sum(n), count(distinct text) from rows')).getRowsJson();
    connection.closeSync();
    instance.closeSync();
    const wanted = [loaded * ${ROWS_A_LOAD}, loaded * ${(ROWS_A_LOAD * (ROWS_A_LOAD - 1)) / 2}].join();
    if ([rows, sum].join() !== wanted || Number(texts) !== ${ROWS_A_LOAD}) throw new Error('torn read: ' + [loaded, rows, sum, texts]);
    console.log(loaded);
  }
`;

let folder: string;
let path: string;
let database: Database;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'swaps-'));
  path = join(folder, 'live.duckdb');
  database = await Database.open({ tempDirectory: folder });
});

afterEach(async () => {
  database.close();
  await rm(folder, { recursive: true });
});

async function publishLoad(number: number): Promise<void> {
  const publish = { mode: 'swap', on_writer: 'wait', wait: 300_000 } as const;
  const loadId = `1767355200.${String(number).padStart(6, '0')}`;
  await publishInto(
    { database, path, loadId, publish, effects: realEffects, findings: findingsOf() },
    async (catalog) => {
      const connection = await database.connect();
      await connection.transaction(async () => {
        await connection.run(`create table if not exists ${catalog}.loads (id varchar)`);
        await connection.run(`create table if not exists ${catalog}.rows (n bigint, text varchar)`);
        await connection.run(`insert into ${catalog}.loads values ($1)`, [loadId]);
        await connection.run(`insert into ${catalog}.rows select range, 'text ' || range from range(${ROWS_A_LOAD})`);
      });
      connection.close();
    },
  );
}

it('readers that open and read the file throughout never fail and never see half a load', async () => {
  await publishLoad(0);
  const readers = [1, 2].map(() => startReader());
  const isDone = () => readers.every(({ seen, isGone }) => isGone() || (seen().length > 5 && new Set(seen()).size > 1));
  for (let number = 1; number <= SWAPS || !isDone(); number += 1) await publishLoad(number);
  for (const { stop } of readers) expect(await stop()).toBe('');
  expect(await readdir(folder)).toEqual(['live.duckdb']);
});

function startReader() {
  const child = spawn(process.execPath, ['--input-type=module', '-e', reader, path], {
    cwd: fileURLToPath(new URL('../../../..', import.meta.url)),
  });
  let output = '';
  let errors = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  child.stderr.on('data', (chunk) => {
    errors += chunk;
  });
  const closed = once(child, 'close');
  return {
    /** How many loads the file held, each time. */
    seen: () => output.split('\n').slice(0, -1),
    isGone: () => child.exitCode !== null,
    /** What it complained of. */
    stop: async () => {
      child.stdin.end();
      await closed;
      return errors;
    },
  };
}
