import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { onTestFinished } from 'vitest';
import { projectRoot } from '../support/repository.ts';

/** What another program told of its work on `data.items`: every change was committed, as far as DuckDB said. */
export interface Changes {
  readonly inserted: readonly number[];
  readonly deleted: readonly number[];
  /** Begun, but it was not told how that ended. */
  readonly open: readonly number[];
}

/** What both programs begin with: they tell each change before and after the commit. */
const head = `
  import { writeSync } from 'node:fs';
  import { DuckDBInstance } from '@duckdb/node-api';
  const [file, first] = process.argv.slice(1);
  const tell = (what, id) => writeSync(1, what + ' ' + id + '\\n');
  const nap = (most) => new Promise((resolve) => setTimeout(resolve, Math.random() * most));
  let going = true;
  process.stdin.once('data', () => { going = false; });
  tell('ready', 0);
  const open = async () => {
    while (going) {
      try { return await DuckDBInstance.create(file, { threads: '1' }); }
      catch (error) {
        if (!/lock|does not exist/.test(error.message)) throw error;
        await nap(20);
      }
    }
    process.exit();
  };
  const insert = async (connection, id) => {
    tell('begin', id);
    await connection.run('insert into data.items by name select ' + id + ' as id, md5(' + id + '::varchar) as name, \\'l\\' as _dlt_load_id, \\'mine\\' || ' + id + ' as _dlt_id');
    tell('insert', id);
  };
`;

const programs = {
  /**
   * Opens the file for writing again and again, commits a change to rows of its own, and closes the file; every fourth time it is
   * killed instead, so that only the write-ahead log has what it committed.
   */
  'opens and closes': `
  const mine = [];
  for (let id = Number(first); going; id += 1) {
    const instance = await open();
    const connection = await instance.connect();
    await insert(connection, id);
    mine.push(id);
    if (mine.length > 2) {
      const [old] = mine.splice(1, 1);
      tell('begin', old);
      await connection.run('delete from data.items where id = ' + old);
      tell('delete', old);
    }
    if (id % 4 === 3) process.kill(process.pid, 'SIGKILL');
    await nap(15);
    connection.closeSync();
    instance.closeSync();
    await nap(150);
  }
  process.exit();`,
  /** Keeps the file open for writing as long as its commits go well; folds its log in now and then. */
  'stays open': `
  for (let id = Number(first); going; ) {
    const instance = await open();
    const connection = await instance.connect();
    try {
      for (; going; id += 1) {
        await insert(connection, id);
        if (id % 7 === 6) await connection.run('checkpoint');
        await nap(40);
      }
    } catch (error) {
      if (!error.message.includes('Failed to commit')) throw error;
      id += 1;
    }
    connection.closeSync();
    instance.closeSync();
  }
  process.exit();`,
} as const;

export async function startOtherProgram(
  file: string,
  kind: keyof typeof programs,
): Promise<{ stop(): Promise<Changes> }> {
  let text = '';
  let stopped = false;
  let first = 1_000_000;
  const start = () => {
    const child = spawn(process.execPath, ['--input-type=module', '-e', head + programs[kind], file, String(first)], {
      cwd: projectRoot,
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    child.stdin.on('error', () => undefined); // it may be killed while it is told to stop
    child.stdout.setEncoding('utf8').on('data', (more: string) => {
      text += more;
    });
    return child;
  };
  let child = start();
  const working = (async () => {
    while (!stopped) {
      await once(child, 'close');
      first += 1000;
      if (!stopped) child = start();
    }
  })();
  onTestFinished(() => void child.kill('SIGKILL'));
  while (!text.includes('ready')) await once(child.stdout ?? child, 'data');
  return {
    async stop() {
      stopped = true;
      child.stdin.write('stop\n');
      await working;
      return changesOf(text);
    },
  };
}

function changesOf(text: string): Changes {
  const lines = text.split('\n').map((line) => line.split(' '));
  const told = (what: string) => lines.filter(([word]) => word === what).map(([, id]) => Number(id));
  const [inserted, deleted] = [told('insert'), told('delete')];
  const ended = new Map<number, number>();
  for (const id of [...inserted, ...deleted]) ended.set(id, (ended.get(id) ?? 0) + 1);
  const open: number[] = [];
  for (const id of told('begin')) {
    const left = (ended.get(id) ?? 0) - 1;
    ended.set(id, left);
    if (left < 0) open.push(id);
  }
  return { inserted, deleted, open };
}
