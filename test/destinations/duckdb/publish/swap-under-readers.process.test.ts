import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { publishInto } from '../../../../src/destinations/duckdb/publish/publish-into.ts';
import { Database } from '../../../../src/duckdb/database.ts';
import { realEffects } from '../../../../src/effects.ts';
import { findingsOf } from '../../../support/findings.ts';
import { projectRoot } from '../../../support/repository.ts';

/** `npm run test:crash` swaps more often, and larger files. */
const thorough = process.env.MODE === 'crash';
const SWAPS = thorough ? 50 : 5;
const READS = thorough ? 100 : 4;
const ROWS_A_LOAD = thorough ? 5_000 : 1_000;

/** Opens the file anew again and again and reads both tables whole, until its input ends; tells each time how many loads it saw. */
const reader = `
  import { DuckDBInstance } from '@duckdb/node-api';
  let done = false;
  process.stdin.on('end', () => { done = true; }).resume();
  while (!done) {
    const instance = await DuckDBInstance.create(process.argv[1], { access_mode: 'READ_ONLY' });
    const connection = await instance.connect();
    const [[loaded, rows, sum, texts]] = (await connection.runAndReadAll(
      'select (select count(*) from loads), count(*), sum(n), count(distinct text) from rows')).getRowsJson();
    connection.closeSync();
    instance.closeSync();
    const wanted = [loaded * ${ROWS_A_LOAD}, loaded * ${(ROWS_A_LOAD * (ROWS_A_LOAD - 1)) / 2}].join();
    if ([rows, sum].join() !== wanted || Number(texts) !== ${ROWS_A_LOAD}) throw new Error('torn read: ' + [loaded, rows, sum, texts]);
    console.log(loaded);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
`;

let folder: string;
let path: string;
let database: Database;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'swaps-'));
  path = join(folder, 'live.duckdb');
  database = await Database.open({ tempDirectory: folder, threads: 1 });
});

afterEach(async () => {
  database.close();
  await rm(folder, { recursive: true });
});

async function publishLoad(number: number): Promise<void> {
  const publish = { mode: 'swap', on_writer: 'wait', wait: 30_000 } as const;
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

it('readers that open and read the file throughout never fail and never see half a load', {
  timeout: 600_000,
}, async () => {
  await publishLoad(0);
  const readers = [1, 2].map(() => startReader());
  const haveRead = () => readers.every(({ seen, failed }) => failed() || seen().length > READS);
  for (const { seen, failed } of readers) while (seen().length === 0 && !failed()) await sleep(5);
  for (let number = 1; number <= SWAPS || !haveRead(); number += 1) await publishLoad(number);
  for (const { stop, seen } of readers) {
    expect(await stop()).toBe('');
    expect(new Set(seen()).size).toBeGreaterThan(1);
  }
  expect(await readdir(folder)).toEqual(['live.duckdb']);
});

/** What the reader saw until now, and, once it has stopped, what went wrong. */
function startReader() {
  const child = spawn(process.execPath, ['--input-type=module', '-e', reader, path], { cwd: projectRoot });
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
    seen: () => output.split('\n').slice(0, -1),
    failed: () => child.exitCode !== null,
    async stop(): Promise<string> {
      child.stdin.end();
      await closed;
      return errors;
    },
  };
}
