import type { Format } from '../../config/grammar/format-schema.ts';
import type { Answer } from '../http/exchange.ts';
import { looksLikeJsonLines } from './json-lines.ts';
import type { ZipFile } from './zip.ts';

export type KnownFormat = Exclude<Format, 'auto' | 'binary'>;

/** What a file of a reply is, where the configuration does not say it, and whether that is a guess. */
export function guessFormat({ headers }: Answer, { name, bytes }: ZipFile): { format: KnownFormat; isGuess: boolean } {
  const type = (headers.get('content-type') ?? '').toLowerCase();
  if (linesType.test(type)) return { format: 'jsonl', isGuess: false };
  if (csvType.test(type)) return { format: 'csv', isGuess: false };
  const [, ending = ''] = /\.(\w+)$/.exec(name.toLowerCase()) ?? [];
  const byName = /json(?!p)|html|image/.test(type) ? undefined : endings[ending];
  if (byName !== undefined) return { format: byName, isGuess: true };
  return looksLikeJsonLines(bytes) ? { format: 'jsonl', isGuess: true } : { format: 'json', isGuess: false };
}

/** By the header that names it for a download, else by its address: `export.csv.gz`. */
export function fileName({ headers, url }: Answer): string {
  const [, quoted, plain] =
    /filename="([^"]*)"|filename=([^;\s]+)/i.exec(headers.get('content-disposition') ?? '') ?? [];
  return quoted ?? plain ?? url.pathname.split('/').at(-1) ?? '';
}

export function isTabbed({ headers }: Answer, { name }: ZipFile): boolean {
  return /tab-separated/i.test(headers.get('content-type') ?? '') || /\.tsv$/i.test(name);
}

// --- internal ---

const linesType = /^(application|text)\/(x-)?(ndjson|jsonl|json-?lines|jsonlines\+json|json-stream|json-seq)\b/;
const csvType = /^(application|text)\/((x-)?csv|comma-separated-values|tab-separated-values)\b/;
const endings: Readonly<Record<string, KnownFormat>> = {
  csv: 'csv',
  tsv: 'csv',
  jsonl: 'jsonl',
  ndjson: 'jsonl',
  json: 'json',
};
