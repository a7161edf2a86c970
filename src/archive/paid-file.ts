import { chmod, type FileHandle, open, rm, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { flushFolder } from '../files/durable-file.ts';

/** Taken on the disk before anything is paid for: most replies fit, and then cannot meet a full disk. */
const RESERVED = 1_000_000;
/** Free beyond that, for larger ones and for the rows. */
const FREE = 16_000_000;

/** A file for a reply that costs money: its place is there before the request is sent. */
export class PaidFile {
  readonly path: string;
  readonly #file: FileHandle;

  private constructor(path: string, file: FileHandle) {
    this.path = path;
    this.#file = file;
  }

  /** `asked`: the line that says what is going to be asked. Throws what the file system says; then nothing is left. */
  static async reserve(path: string, asked: Buffer): Promise<PaidFile> {
    const { bavail, bsize, blocks } = await statfs(dirname(path));
    if (blocks > 0 && bavail * bsize < FREE) throw new Error(`only ${Math.floor((bavail * bsize) / 1e6)} MB are free`);
    const file = await open(path, 'wx', 0o600);
    const reserved = new PaidFile(path, file);
    try {
      await chmod(path, 0o600); // whatever the umask
      await file.write(Buffer.concat([asked, Buffer.alloc(RESERVED)]), 0, undefined, 0);
      await file.sync();
      await flushFolder(dirname(path));
      return reserved;
    } catch (error) {
      await reserved.discard();
      throw error;
    }
  }

  /** When it returns, the reply is on the disk. */
  async keep(reply: Buffer): Promise<void> {
    for (let at = 0; at < reply.length; ) at += (await this.#file.write(reply, at, undefined, at)).bytesWritten;
    await this.#file.truncate(reply.length);
    await this.#file.sync();
    await this.#file.close();
  }

  async discard(): Promise<void> {
    await this.#file.close().catch(() => undefined);
    await rm(this.path, { force: true });
  }
}
