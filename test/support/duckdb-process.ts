import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const repository = fileURLToPath(new URL('../..', import.meta.url));

/** The program of the other process: opens the file, then runs each line of its input as SQL and answers with JSON. */
const program = `
  import { createInterface } from 'node:readline';
  import { DuckDBInstance } from '@duckdb/node-api';
  const [path, mode] = process.argv.slice(1);
  const answer = (value) => console.log(JSON.stringify(value));
  try {
    const connection = await (await DuckDBInstance.create(path, { access_mode: mode })).connect();
    answer({ open: true });
    for await (const sql of createInterface({ input: process.stdin })) {
      try { answer({ rows: (await connection.runAndReadAll(sql)).getRowsJson() }); }
      catch (error) { answer({ error: error.message }); }
    }
  } catch (error) { answer({ error: error.message }); }
`;

/** A second process that has a DuckDB file open. */
export interface DuckdbProcess {
  readonly pid: number;
  /** Runs one line of SQL there. */
  run(sql: string): Promise<unknown[][]>;
  /** `kill -9`, and waits until it is gone. */
  kill(): Promise<void>;
  /** Closes its input, so that it ends by itself and closes the file properly. */
  end(): Promise<void>;
}

export async function openInOtherProcess(
  path: string,
  mode: 'READ_WRITE' | 'READ_ONLY' = 'READ_WRITE',
): Promise<DuckdbProcess> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', program, path, mode], {
    cwd: repository,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async () => {
    const { value, done } = await answers.next();
    if (done === true) throw new Error('the other process ended');
    const answer: { error?: string; rows?: unknown[][] } = JSON.parse(value);
    if (answer.error !== undefined) throw new Error(answer.error);
    return answer.rows ?? [];
  };
  await next();
  return {
    pid: child.pid ?? 0,
    run: (sql) => {
      child.stdin.write(`${sql}\n`);
      return next();
    },
    kill: async () => {
      child.kill('SIGKILL');
      await exited;
    },
    end: async () => {
      child.stdin.end();
      await exited;
    },
  };
}
