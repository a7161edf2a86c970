import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { realFilePath } from '../duckdb/held-files.ts';
import { withWals } from '../duckdb/wals.ts';
import { PipelineError } from '../errors.ts';
import { reasonOf } from '../files/reason.ts';

/** A file that a user names for an answer: there is all of it in the end, or what was there before. */
export class OutputFile {
  readonly #path: string;
  readonly #draft: string;

  private constructor(path: string) {
    this.#path = path;
    this.#draft = join(dirname(path), `.${basename(path)}.next`);
  }

  /**
   * Nothing is made yet.
   *
   * @param path absolute
   * @throws PipelineError UsageInvalid: it is the live file
   */
  static at(path: string, liveFile: string): OutputFile {
    const real = realFilePath(path);
    if (!withWals(realFilePath(liveFile)).includes(real)) return new OutputFile(real);
    throw new PipelineError({
      code: 'UsageInvalid',
      message: `${path} is the file that is asked.`,
      hint: 'Name another one for the answer.',
      facts: { path },
    });
  }

  /** With text, a piece after the other. */
  async writing(work: (write: (text: string) => Promise<boolean>) => Promise<void>): Promise<void> {
    await this.making(async (draft) => {
      const file = await open(draft, 'w');
      try {
        await work((text) => this.#append(file, text));
      } finally {
        await file.close();
      }
    });
  }

  /** By somebody else, under the name that is given. */
  async making(work: (draft: string) => Promise<unknown>): Promise<void> {
    try {
      await (await this.#orFailed(open(this.#draft, 'w'))).close();
      await work(this.#draft);
      await this.#orFailed(rename(this.#draft, this.#path));
    } catch (error) {
      await rm(this.#draft, { force: true }).catch(() => undefined);
      throw error;
    }
  }

  async #append(file: FileHandle, text: string): Promise<boolean> {
    await this.#orFailed(file.appendFile(text));
    return true;
  }

  async #orFailed<T>(work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      throw new PipelineError({
        code: 'UsageInvalid',
        message: `${this.#path} could not be written: ${reasonOf(error)}.`,
        hint: 'Name another file with --to, or none: the answer is printed then.',
        facts: { path: this.#path },
        cause: error,
      });
    }
  }
}
