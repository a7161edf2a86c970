import { open, readdir, readFile, rm, rmdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Effects } from '../effects.ts';
import { writeDurably } from '../files/durable-file.ts';
import { errorCode } from '../files/reason.ts';
import { makePrivateFolder, workingFolderError } from '../files/working-folder.ts';
import { archiveFolder } from './archived-run.ts';
import { type AskedRequest, askedRequest, type Identified, isSameRequest } from './asked-request.ts';
import {
  type Asked,
  askedLine,
  headIn,
  type KeptHead,
  keptAt,
  keptBytes,
  type PaidReply,
  replyOf,
} from './kept-reply.ts';
import { nothingSent, replyHomeless, replyUnreadable } from './paid-errors.ts';
import { PaidFile } from './paid-file.ts';
import type { Asker, ReplyKeeping, Send, WholeReply } from './reply-keeping.ts';

/**
 * Replies that cost money, each in a file of its own from when it came until its rows are in the destination. While one is kept whose
 * rows are in no load package, it answers the request that it was the reply to; so nothing is paid for twice, whatever happens.
 */
export class PaidReplies implements ReplyKeeping {
  readonly #folder: string;
  readonly #pipeline: string;
  readonly #now: Effects['now'];
  #replies: readonly PaidReply[];
  /** Requests that were sent by a run that was killed before the reply came. */
  readonly unanswered: readonly PaidReply[];
  /** Those of earlier runs that this one was answered with. */
  readonly givenAgain: PaidReply[] = [];
  readonly #inPackage = new Set<string>();
  /** By resource: what it was given since its last page. */
  readonly #given = new Map<string, string[]>();
  #loadId = '';

  private constructor(folder: string, { pipeline, now }: PaidOptions, found: readonly PaidReply[]) {
    this.#folder = folder;
    this.#pipeline = pipeline;
    this.#now = now;
    const own = found.filter(({ head }) => head.pipeline === pipeline);
    this.#replies = own.filter(({ head }) => head.reply !== undefined);
    this.unanswered = own.filter(({ head }) => head.reply === undefined);
  }

  /** With those that earlier runs left. Throws DestinationFailed, as everything here does, when the file system does not let it. */
  static async open(workingDir: string, options: PaidOptions): Promise<PaidReplies> {
    const folder = archiveFolder(workingDir);
    return new PaidReplies(folder, options, await repliesIn(folder));
  }

  /** From now on replies are of this load; the rows of those in `inPackage` are in its package. */
  begin(loadId: string, inPackage: readonly string[]): void {
    this.#loadId = loadId;
    for (const name of inPackage) this.#inPackage.add(name);
  }

  over(send: Send, asker: Asker): Send {
    if (!asker.isPaid) return send;
    return async (request) => {
      const asked = askedRequest(request, asker.mask);
      const kept = await this.#answerTo(asker.resource, asked);
      if (kept !== undefined) return kept;
      const { name, file } = await this.#reserve(asker.resource, asked);
      const reply = await send(request).catch(async (error: unknown) => {
        await file.discard();
        throw error;
      });
      if (!asker.isAnswer(reply)) await file.discard();
      else await this.#keep({ name, file }, { asker, asked, reply });
      return reply;
    };
  }

  hasAnswerTo(request: Identified, { resource, isPaid, mask }: Asker): boolean {
    return isPaid && this.#keptFor(resource, askedRequest(request, mask)) !== undefined;
  }

  /** What a resource was given since this was last called: the rows of a page, or of its end. */
  given(resource: string): readonly string[] {
    const names = this.#given.get(resource) ?? [];
    this.#given.delete(resource);
    for (const name of names) this.#inPackage.add(name);
    return names;
  }

  /** Those whose rows are in no load package. */
  get waiting(): readonly PaidReply[] {
    return this.#replies.filter(({ name }) => !this.#inPackage.has(name));
  }

  /** No run loads the package with their rows. */
  giveBack(names: readonly string[]): void {
    for (const name of names) this.#inPackage.delete(name);
  }

  /** Nothing is kept, whether its rows are in a package or not. */
  get isEmpty(): boolean {
    return this.#replies.length === 0;
  }

  /** Their rows are in the destination, or nothing came. */
  async remove(names: readonly string[]): Promise<void> {
    this.#replies = this.#replies.filter(({ name }) => !names.includes(name));
    for (const name of names) {
      const file = join(this.#folder, name);
      await rm(file, { force: true }).catch((error: unknown) => {
        throw workingFolderError(error, file);
      });
      await rmdir(dirname(file)).catch(() => undefined); // where something else is in it, it stays
    }
  }

  #keptFor(resource: string, asked: AskedRequest): PaidReply | undefined {
    const given = [...this.#given.values()].flat();
    return this.waiting.find(
      ({ name, head }) => head.resource === resource && isSameRequest(head.request, asked) && !given.includes(name),
    );
  }

  async #answerTo(resource: string, asked: AskedRequest): Promise<WholeReply | undefined> {
    const known = this.#keptFor(resource, asked);
    if (known === undefined) return undefined;
    const reply = await readReply(known.file).catch((error: unknown) => {
      throw replyUnreadable(known, error);
    });
    this.#give(resource, known.name);
    this.givenAgain.push(known);
    return reply;
  }

  async #reserve(resource: string, request: AskedRequest): Promise<{ name: string; file: PaidFile }> {
    const folder = join(this.#folder, this.#loadId);
    try {
      await makePrivateFolder(this.#folder);
      await makePrivateFolder(folder);
      const taken = (await readdir(folder)).map((name) => Number.parseInt(name, 10)).filter(Number.isSafeInteger);
      const name = `${this.#loadId}/${String(Math.max(0, ...taken) + 1).padStart(4, '0')}${EXTENSION}`;
      return {
        name,
        file: await PaidFile.reserve(join(this.#folder, name), askedLine(this.#asked(resource, request))),
      };
    } catch (error) {
      throw nothingSent(request, folder, error);
    }
  }

  async #keep(
    { name, file }: { readonly name: string; readonly file: PaidFile },
    { asker, asked, reply }: { readonly asker: Asker; readonly asked: AskedRequest; readonly reply: WholeReply },
  ): Promise<void> {
    const bytes = await keptBytes(this.#asked(asker.resource, asked), reply, asker.mask);
    try {
      await file.keep(bytes);
    } catch (error) {
      await file.discard();
      const elsewhere = join(tmpdir(), `dezgo-elt-${name.replace('/', '-')}`);
      const isElsewhere = await writeDurably(elsewhere, bytes).then(
        () => true,
        () => false,
      );
      throw replyHomeless({ asked, reply, mask: asker.mask }, file.path, isElsewhere ? elsewhere : undefined, error);
    }
    const head = headIn(bytes.toString('utf8', 0, bytes.indexOf('\n')));
    if (head !== undefined) this.#replies = [...this.#replies, { name, file: file.path, head }];
    this.#give(asker.resource, name);
  }

  #asked(resource: string, request: AskedRequest): Asked {
    return { pipeline: this.#pipeline, resource, request, at: Math.floor(this.#now()) };
  }

  #give(resource: string, name: string): void {
    this.#given.set(resource, [...(this.#given.get(resource) ?? []), name]);
  }
}

interface PaidOptions {
  /** Name of the pipeline: others may share the working folder. */
  readonly pipeline: string;
  readonly now: Effects['now'];
}

// --- internal ---

const EXTENSION = '.paid';
/** More than the first line has. */
const LONGEST_HEAD = 256_000;

async function repliesIn(folder: string): Promise<PaidReply[]> {
  const found: PaidReply[] = [];
  for (const loadId of await namesIn(folder)) {
    for (const file of (await namesIn(join(folder, loadId))).filter((name) => name.endsWith(EXTENSION))) {
      const path = join(folder, loadId, file);
      const head = await readHead(path).catch((error: unknown) => {
        throw workingFolderError(error, path);
      });
      if (head !== undefined) found.push({ name: `${loadId}/${file}`, file: path, head });
    }
  }
  return found;
}

/** In the order of time; none where there is no such folder. */
async function namesIn(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT' || errorCode(error) === 'ENOTDIR') return [];
    throw workingFolderError(error, folder);
  });
  return names.sort();
}

async function readHead(path: string): Promise<KeptHead | undefined> {
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(LONGEST_HEAD), 0, LONGEST_HEAD, 0);
    const lineEnd = buffer.indexOf('\n');
    return headIn(buffer.toString('utf8', 0, lineEnd < 0 ? bytesRead : lineEnd));
  } finally {
    await file.close();
  }
}

async function readReply(path: string): Promise<WholeReply> {
  const kept = keptAt(await readFile(path), 0);
  if (kept === undefined) throw new Error('it is no kept reply');
  return replyOf(kept);
}
