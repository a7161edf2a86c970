import { spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { type Effects, endGroup } from '../effects.ts';
import { errorCode, reasonOf } from '../files/reason.ts';

export interface HookCommand {
  readonly command: readonly string[];
  /** For its standard input. */
  readonly input: string;
  /** Where it is run. */
  readonly folder: string;
  /** Milliseconds, after which it is killed with all that it started. */
  readonly timeout: number;
  /** Kills it before that, and its reason says why. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Runs a program, no shell, in a process group of its own. What it writes is not shown, but for the beginning of its standard
 * error where it fails.
 *
 * @returns why it failed, as the end of a sentence; undefined where it ended with 0
 */
export async function runHookCommand(
  { command: [program = '', ...args], input, folder, timeout, signal }: HookCommand,
  { env, sleep }: Pick<Effects, 'env' | 'sleep'>,
): Promise<string | undefined> {
  const over = new AbortController();
  try {
    const child = spawn(program, args, { cwd: folder, env, detached: true, stdio: ['pipe', 'ignore', 'pipe'] });
    const complaint = new Beginning(child.stderr);
    const ended = new Promise<string | undefined>((resolve) => {
      child.once('error', (error) => resolve(notStarted(program, error)));
      child.once('exit', (code, signal) => resolve(code === 0 ? undefined : endOf(code, signal)));
    });
    child.stdin.on('error', () => undefined); // it need not read
    child.stdin.end(input);
    const late = sleep(timeout, over.signal).then(
      () => `it was not done within ${timeout / 1000} s and was killed`,
      () => undefined,
    );
    const stopped = new Promise<string>((resolve) => {
      signal?.addEventListener('abort', () => resolve(reasonOf(signal.reason)), { signal: over.signal });
    });
    const excuse = await Promise.race([ended.then(() => undefined), late, stopped]);
    if (excuse !== undefined && child.pid !== undefined) endGroup(child.pid);
    const reason = excuse ?? (await ended);
    // What it started itself, and left behind, may hold these open.
    const words = reason === undefined ? '' : await complaint.soon();
    child.stdin.destroy();
    child.stderr.destroy();
    child.unref();
    return reason === undefined || words === '' ? reason : `${reason}: ${words}`;
  } catch (thrown) {
    return notStarted(program, thrown);
  } finally {
    over.abort();
  }
}

// --- internal ---

function notStarted(program: string, thrown: unknown): string {
  const isMissing = errorCode(thrown) === 'ENOENT';
  return isMissing ? `there is no program \`${program}\`` : `\`${program}\` could not be started: ${reasonOf(thrown)}`;
}

function endOf(code: number | null, signal: NodeJS.Signals | null): string {
  return signal === null ? `it ended with ${code}` : `it was ended by ${signal}`;
}

/** The first bytes of a stream, whose rest is read and forgotten. */
class Beginning {
  #text = '';
  readonly #stream: Readable;

  constructor(stream: Readable) {
    this.#stream = stream;
    stream.setEncoding('utf8');
    stream.on('error', () => undefined);
    stream.on('data', (text: string) => {
      if (this.#text.length < LONGEST) this.#text += text;
    });
  }

  /** What has come, once the stream has had its turn. */
  async soon(): Promise<string> {
    for (let turn = 0; turn < TURNS && !this.#stream.readableEnded; turn += 1) await new Promise(setImmediate);
    return this.#text.slice(0, LONGEST).trim();
  }
}

const LONGEST = 2000;
const TURNS = 50;
