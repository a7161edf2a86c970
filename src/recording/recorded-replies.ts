import { isUtf8 } from 'node:buffer';
import { open, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { archiveFolder, LOG_FILE } from '../archive/archived-run.ts';
import type { AskedRequest, Masking } from '../archive/asked-request.ts';
import { fileAgain } from '../archive/file-again.ts';
import { keptAt, keptBytes, replyOf } from '../archive/kept-reply.ts';
import { entriesOf } from '../archive/log-index.ts';
import { makeFolder } from '../files/folder.ts';
import { reasonOf } from '../files/reason.ts';
import { prettyJson } from '../json/pretty-json.ts';
import { noRecording } from './recording.ts';

/** `replies/0001.json`: a reply but for its body, which is the file beside it. */
interface RecordedReply {
  readonly resource: string;
  readonly method: string;
  /** Secrets are `***`. */
  readonly url: string;
  /** Of the body of the request; absent without one. */
  readonly requestSha256?: string | undefined;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Name of the file; absent where it is empty. */
  readonly body?: string | undefined;
}

export interface ArchivedReplies {
  readonly workingDir: string;
  readonly loadId: string;
  /** The folder of files that were downloaded. */
  readonly files: string;
  /** Names, in the order of the configuration. */
  readonly resources: readonly string[];
}

/** Replaces the replies of a recording by those of an archived run. Answers how many there are. */
export async function writeReplies(folder: string, archived: ArchivedReplies): Promise<number> {
  const target = join(folder, REPLIES);
  await rm(target, { recursive: true, force: true });
  await makeFolder(target);
  const replies = await archivedReplies(archived);
  for (const [at, { reply, bytes }] of replies.entries()) {
    const name = String(at + 1).padStart(4, '0');
    const content = contentOf(bytes, reply.headers['content-type'] ?? '');
    const body = content === undefined ? undefined : `${name}.body${content.extension}`;
    await writeFile(join(target, `${name}.json`), `${JSON.stringify({ ...reply, body }, null, 2)}\n`);
    if (content !== undefined && body !== undefined) await writeFile(join(target, body), content.bytes);
  }
  return replies.length;
}

/** Makes the archive of a load of the replies of a recording. Answers how many there are. Throws UsageInvalid. */
export async function archiveReplies(
  folder: string,
  { workingDir, loadId, pipeline, at }: RestoreOptions,
): Promise<number> {
  const archive = join(archiveFolder(workingDir), loadId);
  await makeFolder(archive);
  const source = join(folder, REPLIES);
  const names = await readdir(source).catch((error: unknown) => {
    throw noRecording(folder, reasonOf(error), REPLIES);
  });
  const heads = names.filter((name) => /^\d+\.json$/.test(name)).sort();
  const log = await open(join(archive, LOG_FILE), 'w', 0o600);
  try {
    for (const name of heads) {
      const { resource, method, url, requestSha256 = null, status, headers, body } = await replyIn(folder, name);
      const request: AskedRequest = { method, url, body: requestSha256 };
      const bytes = body === undefined ? Buffer.alloc(0) : await bodyIn(folder, body);
      const reply = { status, headers: new Headers(headers), body: bytes };
      await log.appendFile(await keptBytes({ pipeline, resource, request, at }, reply, asItIs));
    }
  } finally {
    await log.close();
  }
  return heads.length;
}

// --- internal ---

const REPLIES = 'replies';

interface RestoreOptions {
  readonly workingDir: string;
  readonly loadId: string;
  readonly pipeline: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

interface WholeRecorded {
  readonly reply: RecordedReply;
  readonly bytes: Buffer;
}

const asItIs: Masking = { text: (text) => text, body: (bytes) => bytes };

/** By resource and URL: the order in which they came is another one each time. The same request keeps its order. */
async function archivedReplies({ workingDir, loadId, files, resources }: ArchivedReplies): Promise<WholeRecorded[]> {
  const found: WholeRecorded[] = [];
  const log = await open(join(archiveFolder(workingDir), loadId, LOG_FILE), 'r');
  try {
    for await (const { start, end } of entriesOf(log)) {
      const bytes = Buffer.alloc(end - start);
      await log.read(bytes, 0, bytes.length, start);
      const kept = keptAt(bytes, 0);
      if (kept === undefined) continue;
      const { resource, request, reply } = kept.head;
      const packed = await replyOf(kept);
      const whole = reply?.file === undefined ? packed : await fileAgain(packed, reply.file, files, {});
      const { method, url, body } = request;
      const headers = Object.fromEntries(
        [...packed.headers].filter(([name, value]) => !passing.test(name) && value !== '***'),
      );
      const head = {
        resource,
        method,
        url,
        ...(body === null ? {} : { requestSha256: body }),
        status: packed.status,
        headers,
      };
      found.push({ reply: head, bytes: whole.body });
    }
  } finally {
    await log.close();
  }
  const order = new Intl.Collator('en', { numeric: true });
  const place = (name: string) => resources.indexOf(name);
  return found.sort(
    ({ reply: a }, { reply: b }) => place(a.resource) - place(b.resource) || order.compare(a.url, b.url),
  );
}

/** They say how it came, or are other ones each time; secrets are not kept. */
const passing =
  /^(age|alt-svc|connection|content-encoding|content-length|date|keep-alive|nel|report-to|transfer-encoding)$/;

interface Content {
  readonly bytes: Buffer;
  /** With its dot. */
  readonly extension: string;
}

/** JSON with a line a member, other text and bytes as they came. */
function contentOf(bytes: Buffer, type: string): Content | undefined {
  if (bytes.length === 0) return undefined;
  const [, subtype = ''] = /^[a-z]+\/(?:[a-z.-]+\+)?([a-z0-9]+)/.exec(type.toLowerCase()) ?? [];
  const isText = isUtf8(bytes);
  const pretty = isText && !/^text\//i.test(type) ? prettyJson(bytes.toString()) : undefined;
  if (pretty !== undefined) return { bytes: Buffer.from(`${pretty}\n`), extension: '.json' };
  const named = extensions[subtype] ?? subtype;
  return { bytes, extension: `.${named === '' ? (isText ? 'txt' : 'bin') : named}` };
}

const extensions: Readonly<Record<string, string>> = { plain: 'txt', octet: 'bin', json: 'txt', jpeg: 'jpg' };

async function replyIn(folder: string, name: string): Promise<RecordedReply> {
  const file = join(REPLIES, name);
  try {
    const reply: unknown = JSON.parse(await readFile(join(folder, file), 'utf8'));
    if (isReply(reply)) return reply;
  } catch (error) {
    throw noRecording(folder, reasonOf(error), file);
  }
  throw noRecording(folder, 'it is not what `record` writes', file);
}

async function bodyIn(folder: string, name: string): Promise<Buffer> {
  const file = join(REPLIES, name);
  return readFile(join(folder, file)).catch((error: unknown) => {
    throw noRecording(folder, reasonOf(error), file);
  });
}

function isReply(value: unknown): value is RecordedReply {
  if (typeof value !== 'object' || value === null) return false;
  const {
    resource,
    method,
    url,
    requestSha256 = '',
    status,
    headers,
    body = '',
  }: Partial<Record<keyof RecordedReply, unknown>> = value;
  const isNamed = [resource, method, url, requestSha256, body].every((text) => typeof text === 'string');
  return isNamed && typeof status === 'number' && typeof headers === 'object' && headers !== null;
}
