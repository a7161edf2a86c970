import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { realEffects } from '../effects.ts';
import { PipelineError } from '../errors.ts';
import { reasonOf } from '../files/reason.ts';
import { printable } from '../text/printable.ts';
import { quotedCommand } from '../text/quoted-command.ts';
import type { Environment } from './environment-name.ts';

interface CommandPlace {
  /** What relative paths in it start from. */
  readonly cwd: string;
  readonly env: Environment;
  /** Milliseconds. */
  readonly timeout: number;
}

/** More than any secrets are. */
const MOST_BYTES = 1_000_000;
/** How long what a command left behind may hold its output open. */
const PATIENCE_MS = 500;

/**
 * What a command prints on its standard output. No shell reads it, its standard input is empty.
 *
 * @throws PipelineError SecretCommandFailed: it cannot be started, failed, took too long, printed too much. Nothing of its standard
 * output is repeated.
 */
export async function commandOutput(command: readonly string[], { cwd, env, timeout }: CommandPlace): Promise<string> {
  const [program = '', ...args] = command;
  const child = spawn(program, args, { cwd, env: { ...env }, stdio: ['ignore', 'pipe', 'pipe'], windowsHide: true });
  const ended = new AbortController();
  let excuse: string | undefined;
  function end(reason: string): void {
    excuse ??= reason;
    child.kill('SIGKILL');
  }
  const printed = collected(child.stdout, () => end('it printed more than 1 MB'));
  const said = collected(child.stderr, () => undefined);
  void realEffects.sleep(timeout, ended.signal).then(() => end(`it took longer than ${timeout / 1000} s`), ignore);
  try {
    const closed = once(child, 'close', { signal: ended.signal }).catch(ignore);
    const [code, signal] = await once(child, 'exit').catch((cause: unknown) => {
      throw failed(command, `it cannot be started: ${reasonOf(cause)}`);
    });
    await Promise.race([closed, realEffects.sleep(PATIENCE_MS, ended.signal).catch(ignore)]);
    const output = printed().toString();
    excuse ??=
      code === 0
        ? undefined
        : code === null
          ? `it was ended by ${String(signal)}`
          : `it ended with exit code ${String(code)}`;
    if (excuse !== undefined) throw failed(command, excuse, masked(said().toString(), output, env));
    return output;
  } finally {
    ended.abort();
    child.stdout.destroy();
    child.stderr.destroy();
  }
}

// --- internal ---

function collected(stream: Readable, onExcess: () => void): () => Buffer {
  const pieces: Buffer[] = [];
  let size = 0;
  stream.on('data', (piece: Buffer) => {
    size += piece.length;
    if (size <= MOST_BYTES) pieces.push(piece);
    else onExcess();
  });
  return () => Buffer.concat(pieces);
}

function failed(command: readonly string[], reason: string, said = ''): PipelineError {
  const words = printable(said, 500);
  return new PipelineError({
    code: 'SecretCommandFailed',
    message: `The command for secrets, \`${printable(quotedCommand(command), 300)}\`, gave none: ${reason}${words === '' ? '' : `, and said: ${words}`}`,
    hint: 'Try it in a shell, in the folder of the configuration, as the user who runs the pipeline.',
    facts: { reason },
  });
}

/** What a command says about its failure, without anything that it printed as a secret or was given as one. */
function masked(said: string, output: string, env: Environment): string {
  const given = Object.entries(env).flatMap(([name, value]) =>
    /key|token|secret|password|passwd|credential/i.test(name) && value !== undefined ? [value] : [],
  );
  const words = [...given, ...output.split(/[\s"'=:,{}[\]]+/), ...output.split('\n')];
  return [...new Set(words.map((word) => word.trim()))]
    .filter((word) => word.length >= SHORTEST_SECRET)
    .sort((a, b) => b.length - a.length)
    .reduce((text, word) => text.replaceAll(word, '***'), said);
}

/** Shorter words are of the language. */
const SHORTEST_SECRET = 6;

function ignore(): void {}
