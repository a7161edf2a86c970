import { appendFile, chmod, type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import type { Effects } from '../effects.ts';
import { PipelineError } from '../errors.ts';
import { reasonOf } from '../files/reason.ts';
import { makePrivateFolder } from '../files/working-folder.ts';
import { type ArchivedRun, archiveFolder, LOG_FILE, VALUES_FILE, writeArchivedRun } from './archived-run.ts';
import { valuesLine } from './archived-values.ts';
import { askedRequest, type Masking } from './asked-request.ts';
import { type Asked, keptBytes } from './kept-reply.ts';
import { endOfLog } from './log-index.ts';
import type { Asker, ReplyKeeping, Send, WholeReply } from './reply-keeping.ts';

export interface LogOptions {
  readonly workingDir: string;
  readonly pipeline: string;
  readonly now: Effects['now'];
}

/** Every reply of a run, in `archive/<load id>/replies.log`, written as it arrives, while the run works on it. */
export class ReplyLog implements ReplyKeeping {
  readonly #options: LogOptions;
  #folder = '';
  #run: ArchivedRun | undefined;
  #file: FileHandle | undefined;
  /** Before the load has its id, replies wait. */
  #begin = () => {};
  /** The last of what is to be written. */
  #last = new Promise<void>((resolve) => {
    this.#begin = resolve;
  });
  /** Bytes of replies that are still to be written. */
  #waiting = 0;
  #failure: unknown;

  constructor(options: LogOptions) {
    this.#options = options;
  }

  /** From now on replies are of this load, behind those that it has. What goes wrong is told by `end`. */
  async begin(loadId: string, run: Omit<ArchivedRun, 'pipeline'>): Promise<void> {
    const { workingDir, pipeline } = this.#options;
    const archive = archiveFolder(workingDir);
    this.#folder = join(archive, loadId);
    const path = join(this.#folder, LOG_FILE);
    try {
      await makePrivateFolder(archive);
      await makePrivateFolder(this.#folder);
      this.#file = await open(path, 'a+', 0o600);
      await chmod(path, 0o600); // whatever the umask
      await this.#file.truncate(await endOfLog(this.#file)); // what a killed run did not finish
      this.#run = { pipeline, ...run };
      writeArchivedRun(this.#folder, this.#run);
    } catch (error) {
      this.#failure = error instanceof PipelineError ? error.cause : error;
    }
    this.#begin();
  }

  over(send: Send, { resource, mask }: Asker): Send {
    return async (request) => {
      const reply = await send(request);
      const { pipeline, now } = this.#options;
      await this.#append(
        { pipeline, resource, request: askedRequest(request, mask), at: Math.floor(now()) },
        reply,
        mask,
      );
      return reply;
    };
  }

  hasAnswerTo(): boolean {
    return false;
  }

  /** What the values of a resource were; plain data. */
  keepValues(resource: string, values: unknown): void {
    this.#write(() => appendFile(join(this.#folder, VALUES_FILE), valuesLine(resource, values), { mode: 0o600 }));
  }

  /** A resource of which nothing was loaded, because nothing was new. */
  leaveOut(resource: string): void {
    if (this.#run === undefined) return;
    this.#run = { ...this.#run, resources: this.#run.resources.filter((name) => name !== resource) };
    writeArchivedRun(this.#folder, this.#run);
  }

  /** Everything is written. Answers why it could not be, where it could not. */
  async end(): Promise<string | undefined> {
    if (this.#folder === '') return undefined;
    await this.#last;
    await this.#file?.close().catch((error: unknown) => {
      this.#failure ??= error;
    });
    return this.#failure === undefined ? undefined : `${this.#folder}: ${reasonOf(this.#failure)}`;
  }

  /** Nobody waits for it, unless too much is waiting. */
  async #append(asked: Asked, reply: WholeReply, mask: Masking): Promise<void> {
    if (this.#failure !== undefined) return;
    const size = reply.body.length;
    this.#waiting += size;
    const bytes = keptBytes(asked, reply, mask);
    bytes.catch(() => {}); // looked at when it is its turn
    this.#write(async () => {
      await this.#file?.appendFile(await bytes);
      this.#waiting -= size;
    });
    if (this.#waiting > MOST_WAITING && this.#folder !== '') await this.#last;
  }

  #write(work: () => Promise<void>): void {
    this.#last = this.#last.then(async () => {
      if (this.#failure !== undefined) return;
      await work().catch((error: unknown) => {
        this.#failure = error;
      });
    });
  }
}

// --- internal ---

const MOST_WAITING = 32_000_000;
