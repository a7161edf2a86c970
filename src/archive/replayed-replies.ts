import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import type { HttpRequest } from '../effects.ts';
import { PipelineError } from '../errors.ts';
import { reasonOf } from '../files/reason.ts';
import { archiveFolder, LOG_FILE } from './archived-run.ts';
import { readArchivedValues } from './archived-values.ts';
import { type AskedRequest, askedRequest, type Identified, shownRequest } from './asked-request.ts';
import { fileAgain } from './file-again.ts';
import { keptAt, replyOf } from './kept-reply.ts';
import { entriesOf, type LogEntry } from './log-index.ts';
import type { Asker, ReplyKeeping, Send, WholeReply } from './reply-keeping.ts';

/** Gives the replies of an archived run again: each request gets those that it got, in their order. Nothing is sent. */
export class ReplayedReplies implements ReplyKeeping {
  readonly isOffline = true;
  readonly #parts: ReplayParts;

  private constructor(parts: ReplayParts) {
    this.#parts = parts;
  }

  /** Throws DestinationUnreadable where the archive cannot be read. */
  static async open({ workingDir, loadId, files, recording }: ReplayOptions): Promise<ReplayedReplies> {
    const folder = join(archiveFolder(workingDir), loadId);
    try {
      const file = await open(join(folder, LOG_FILE), 'r');
      const entries = new Map<string, LogEntry[]>();
      for await (const entry of entriesOf(file)) {
        const key = keyOf(entry.head.resource, entry.head.request);
        const before = entries.get(key);
        if (before === undefined) entries.set(key, [entry]);
        else before.push(entry);
      }
      return new ReplayedReplies({ loadId, files, recording, file, entries, values: await readArchivedValues(folder) });
    } catch (error) {
      throw unreadable(loadId, folder, error);
    }
  }

  over(_: Send, { resource, mask }: Asker): Send {
    return async (request) => {
      const asked = askedRequest(request, mask);
      const entry = this.#parts.entries.get(keyOf(resource, asked))?.shift();
      if (entry === undefined) throw notArchived(asked, resource, this.#parts);
      return this.#read(entry, request, asked);
    };
  }

  hasAnswerTo(): boolean {
    return true;
  }

  askedAgain(request: Identified, { resource, mask }: Asker): boolean {
    return (this.#parts.entries.get(keyOf(resource, askedRequest(request, mask))) ?? []).length > 0;
  }

  /** What the values of a resource were then; undefined where it had none. */
  valuesOf(resource: string): unknown {
    return this.#parts.values.get(resource);
  }

  async close(): Promise<void> {
    await this.#parts.file.close();
  }

  async #read({ start, end }: LogEntry, request: HttpRequest, asked: AskedRequest): Promise<WholeReply> {
    const bytes = Buffer.alloc(end - start);
    await this.#parts.file.read(bytes, 0, bytes.length, start);
    const kept = keptAt(bytes, 0);
    try {
      if (kept === undefined) throw new Error('it is no kept reply');
      const reply = await replyOf(kept);
      const mark = kept.head.reply?.file;
      return mark === undefined ? reply : await fileAgain(reply, mark, this.#parts.files, request);
    } catch (error) {
      throw unreadable(this.#parts.loadId, `the reply to ${shownRequest(asked)}`, error);
    }
  }
}

// --- internal ---

interface ReplayOptions {
  readonly workingDir: string;
  readonly loadId: string;
  /** The folder of files that were downloaded. */
  readonly files: string;
  /** The folder of the recording that the archive was made of. */
  readonly recording?: string | undefined;
}

interface ReplayParts extends Omit<ReplayOptions, 'workingDir'> {
  readonly file: FileHandle;
  /** By resource and request, in the order in which they came. */
  readonly entries: ReadonlyMap<string, LogEntry[]>;
  readonly values: ReadonlyMap<string, unknown>;
}

function keyOf(resource: string, { method, url, body }: AskedRequest): string {
  return JSON.stringify([resource, method, url, body]);
}

function notArchived(
  asked: AskedRequest,
  resource: string,
  { loadId, recording }: Pick<ReplayOptions, 'loadId' | 'recording'>,
): PipelineError {
  const request = shownRequest(asked);
  const place = recording === undefined ? `the archive of load ${loadId}` : `the recording ${recording}`;
  const next =
    recording === undefined
      ? `Use the configuration of then, or ask the source: dezgo-elt run ${resource}`
      : `If it should, record again: dezgo-elt record ${recording}`;
  return new PipelineError({
    code: 'NotArchived',
    message: `${request} of \`${resource}\` is not, or not so often, in ${place}.`,
    hint: `This configuration asks for something else than that run did, or that run got no reply to it. ${next}`,
    facts: { request, resource, ...(recording === undefined ? { loadId } : { path: recording }) },
  });
}

function unreadable(loadId: string, what: string, cause: unknown): PipelineError {
  return new PipelineError({
    code: 'DestinationUnreadable',
    message: `The archive of load ${loadId} cannot be read: ${what}: ${reasonOf(cause)}.`,
    hint: 'What is left of it cannot be replayed. Ask the source again: dezgo-elt run',
    facts: { loadId },
    cause,
  });
}
