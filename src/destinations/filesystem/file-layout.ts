import { type FilePlaceholder, filePlaceholders } from '../../config/grammar/file-placeholders.ts';
import { fileNameOf } from './book-files.ts';

/** Of one file. */
export interface FileParts {
  readonly table: string;
  readonly schemaName: string;
  readonly loadId: string;
  readonly fileId: string;
  readonly ext: string;
  /** When the load package was begun, milliseconds since 1970. */
  readonly time: number;
}

/** Whose file it is. */
export interface FileOwner {
  readonly loadId: string;
  readonly ext: string;
}

type Placeholder = (parts: FileParts) => string;

const of = (options: Intl.DateTimeFormatOptions) => (date: Date) =>
  date.toLocaleString('en-US', { timeZone: 'UTC', ...options }).toLowerCase();
const dated = (part: (date: Date) => string | number) => (parts: FileParts) => String(part(new Date(parts.time)));
const two = (value: number) => String(value).padStart(2, '0');
const weekday = of({ weekday: 'long' });

/** dlt's, with the times of the load package in UTC, and in lower case as dlt has them. */
const placeholders: Readonly<Record<FilePlaceholder, Placeholder>> = {
  table_name: ({ table }) => table,
  schema_name: ({ schemaName }) => fileNameOf(schemaName),
  load_id: ({ loadId }) => loadId,
  file_id: ({ fileId }) => fileId,
  ext: ({ ext }) => ext,
  load_package_timestamp: ({ time }) => String(Math.floor(time / 1000)),
  timestamp: ({ time }) => String(Math.floor(time / 1000)),
  curr_date: dated((date) => date.toISOString().slice(0, 10)),
  YYYY: dated((date) => date.getUTCFullYear()),
  YY: dated((date) => two(date.getUTCFullYear() % 100)),
  Y: dated((date) => date.getUTCFullYear()),
  MMMM: dated(of({ month: 'long' })),
  MMM: dated(of({ month: 'short' })),
  MM: dated((date) => two(date.getUTCMonth() + 1)),
  M: dated((date) => date.getUTCMonth() + 1),
  DD: dated((date) => two(date.getUTCDate())),
  D: dated((date) => date.getUTCDate()),
  HH: dated((date) => two(date.getUTCHours())),
  H: dated((date) => date.getUTCHours()),
  mm: dated((date) => two(date.getUTCMinutes())),
  m: dated((date) => date.getUTCMinutes()),
  dddd: dated(weekday),
  ddd: dated(of({ weekday: 'short' })),
  dd: dated((date) => weekday(date).slice(0, 2)),
  d: dated((date) => date.getUTCDay()),
  Q: dated((date) => Math.floor(date.getUTCMonth() / 3) + 1),
};

/** Where the files of a dataset are, and whose they are by their names. */
export class FileLayout {
  readonly #layout: string;

  /** @param layout that `whyNoLayout` has nothing against */
  constructor(layout: string) {
    this.#layout = layout.includes('{ext}') ? layout : `${layout}.{ext}`;
  }

  keyOf(parts: FileParts): string {
    return filePlaceholders.reduce(
      (key, name) => key.replaceAll(`{${name}}`, () => placeholders[name](parts)),
      this.#layout,
    );
  }

  /** Of all keys of a table. */
  prefixOf(table: string, schemaName: string): string {
    const [before = '', after = ''] = this.#layout.split('{table_name}', 2);
    return before.replaceAll('{schema_name}', fileNameOf(schemaName)) + table + after.slice(0, 1);
  }

  /** Undefined for what is no file of this table. */
  ownerOf(key: string, table: string, schemaName: string): FileOwner | undefined {
    const given: Readonly<Record<string, string>> = {
      table_name: escaped(table),
      schema_name: escaped(fileNameOf(schemaName)),
      load_id: '(?<loadId>\\d+\\.\\d+)',
      ext: '(?<ext>[\\w.-]+)',
    };
    const seen = new Set<string>();
    const parts = this.#layout.split(/(\{\w+\})/).map((part) => {
      const name = /^\{(\w+)\}$/.exec(part)?.[1];
      if (name === undefined) return escaped(part);
      const again = seen.has(name);
      seen.add(name);
      return (again && given[name]?.startsWith('(?<') ? undefined : given[name]) ?? '[^/]+?';
    });
    const { loadId, ext } = new RegExp(`^${parts.join('')}$`).exec(key)?.groups ?? {};
    return loadId === undefined || ext === undefined ? undefined : { loadId, ext };
  }
}

// --- internal ---

function escaped(text: string): string {
  return text.replace(/[$()*+./?[\\\]^{|}-]/g, '\\$&');
}
