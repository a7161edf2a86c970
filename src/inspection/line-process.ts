import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** A program that answers a line with a line. */
export class LineProcess {
  readonly #child: ChildProcess;
  readonly #lines: AsyncIterator<string>;
  #isOver = false;

  private constructor(child: ChildProcess, lines: AsyncIterator<string>) {
    this.#child = child;
    this.#lines = lines;
    child.once('close', () => {
      this.#isOver = true;
    });
  }

  static start(
    [command = '', ...args]: readonly string[],
    options: { readonly cwd: string; readonly env: Readonly<Record<string, string | undefined>> },
  ): LineProcess {
    const child = spawn(command, args, { ...options, stdio: ['pipe', 'pipe', 'ignore'], windowsHide: true });
    child.once('error', () => child.stdout.destroy()); // it could not be started
    child.stdin.on('error', () => undefined); // it has gone: `next` says so
    const lines = createInterface({ input: child.stdout, terminal: false });
    return new LineProcess(child, lines[Symbol.asyncIterator]());
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  send(line: string): void {
    this.#child.stdin?.write(`${line}\n`);
  }

  /** The next line; undefined: it has ended. */
  async next(): Promise<string | undefined> {
    const { done, value } = await this.#lines.next();
    return done === true ? undefined : value;
  }

  /** At once, whatever it does. */
  end(): void {
    this.#isOver = true;
    this.#child.kill('SIGKILL');
  }
}
