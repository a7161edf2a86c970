import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { projectRoot } from './repository.ts';

/** The program of another process: opens a file, runs SQL on it and closes it, as each line of its input says, and answers with JSON. */
const program = `
  import { createInterface } from 'node:readline';
  import { DuckDBInstance } from '@duckdb/node-api';
  let instance, connection;
  const work = {
    async open({ path, mode }) {
      instance = await DuckDBInstance.create(path, { access_mode: mode, threads: '1' });
      connection = await instance.connect();
    },
    async run({ sql }) { return (await connection.runAndReadAll(sql)).getRowsJson(); },
    async close() {
      connection.closeSync();
      instance.closeSync();
    },
  };
  for await (const line of createInterface({ input: process.stdin })) {
    const { what, ...how } = JSON.parse(line);
    const answer = await work[what](how).then((rows) => ({ rows }), (error) => ({ error: error.message }));
    console.log(JSON.stringify(answer));
  }
`;

/** A second process that has a DuckDB file open. Once it has ended or was killed, ending and killing it do nothing. */
export interface DuckdbProcess {
  readonly pid: number;
  /** Runs SQL there. */
  run(sql: string): Promise<unknown[][]>;
  /** `kill -9`, and waits until it is gone. */
  kill(): Promise<void>;
  /** Closes the file properly, as a program does that ends by itself. */
  end(): Promise<void>;
}

/** Starting a process takes longer than most tests, so one that has closed its file waits for the next. */
interface Helper {
  readonly child: ChildProcess;
  ask(question: object): Promise<unknown[][]>;
}
const idle: Helper[] = [];

export async function openInOtherProcess(
  path: string,
  mode: 'READ_WRITE' | 'READ_ONLY' = 'READ_WRITE',
): Promise<DuckdbProcess> {
  const helper = idle.pop() ?? startHelper();
  try {
    await helper.ask({ what: 'open', path, mode });
  } catch (error) {
    idle.push(helper);
    throw error;
  }
  let open = true;
  return {
    pid: helper.child.pid ?? 0,
    run: (sql) => helper.ask({ what: 'run', sql }),
    async kill() {
      if (!open) return;
      open = false;
      const gone = once(helper.child, 'exit');
      helper.child.kill('SIGKILL');
      await gone;
    },
    async end() {
      if (!open) return;
      open = false;
      await helper.ask({ what: 'close' });
      idle.push(helper);
    },
  };
}

function startHelper(): Helper {
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    cwd: projectRoot,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  // It does not keep the process of the tests alive, with which it ends.
  for (const held of [child, child.stdin, child.stdout]) if (held === child || held instanceof Socket) held.unref();
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    child,
    async ask(question) {
      child.stdin.write(`${JSON.stringify(question)}\n`);
      const { value, done } = await answers.next();
      if (done === true) throw new Error('the other process ended');
      const answer: { error?: string; rows?: unknown[][] } = JSON.parse(value);
      if (answer.error !== undefined) throw new Error(answer.error);
      return answer.rows ?? [];
    },
  };
}
