import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { onTestFinished } from 'vitest';
import { projectRoot } from '../support/repository.ts';

/** What a reader saw that opened the file again and again. */
export interface Watched {
  readonly opens: number;
  /** Messages of opens and queries that failed. */
  readonly failures: readonly string[];
  /** Answers of the query, other than an empty one. */
  readonly torn: readonly string[];
}

const program = `
  import { DuckDBInstance } from '@duckdb/node-api';
  const [file, sql, pause] = process.argv.slice(1);
  const seen = { opens: 0, failures: [], torn: [] };
  let going = true;
  process.stdin.once('data', () => { going = false; });
  console.log('ready');
  while (going) {
    try {
      const instance = await DuckDBInstance.create(file, { access_mode: 'READ_ONLY', threads: '1' });
      try {
        const connection = await instance.connect();
        const rows = (await connection.runAndReadAll(sql)).getRowsJson();
        if (rows.length > 0) seen.torn.push(JSON.stringify(rows));
        connection.closeSync();
      } finally { instance.closeSync(); }
      seen.opens += 1;
    } catch (error) { seen.failures.push(error.message); }
    await new Promise((resolve) => setTimeout(resolve, Number(pause)));
  }
  console.log(JSON.stringify(seen));
  process.exit();
`;

/** A reader in a process of its own: opens the file read-only, asks `sql` for what must not be, closes, and again after `pause` milliseconds, until stopped. */
export async function watch(file: string, sql: string, pause: number): Promise<{ stop(): Promise<Watched> }> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', program, file, sql, String(pause)], {
    cwd: projectRoot,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  while (!output.startsWith('ready\n')) await once(child.stdout, 'data');
  return {
    async stop() {
      const closed = once(child, 'close');
      child.stdin.write('stop\n');
      await closed;
      return JSON.parse(output.slice('ready\n'.length));
    },
  };
}
