/** A file as a value in the body of a request: what it holds is sent in its place. */
export interface FileParts {
  /** As it was written; absolute in a complete configuration. Placeholders are filled in. */
  readonly file: string;
  /** Default: by the end of the name. */
  readonly content_type?: string | undefined;
  /** What the receiver is told. Default: the last part of the path. */
  readonly filename?: string | undefined;
  /** In JSON: `data:image/png;base64,…` instead of base64 alone. */
  readonly data_url?: boolean | undefined;
}

/** `{ file: PATH }` as it was read. */
export class FileReference implements FileParts {
  readonly file: string;
  readonly content_type?: string | undefined;
  readonly filename?: string | undefined;
  readonly data_url?: boolean | undefined;

  constructor({ file, content_type, filename, data_url }: FileParts) {
    this.file = file;
    this.content_type = content_type;
    this.filename = filename;
    this.data_url = data_url;
  }

  /** The same of another path. */
  at(file: string): FileReference {
    return new FileReference({ ...this, file });
  }
}

/** `{ file: PATH }` as it stands among JSON: a mapping of these keys alone. */
export function isFileReference(value: unknown): value is FileParts {
  if (typeof value !== 'object' || value === null || !('file' in value)) return false;
  return Object.entries(value).every(([key, member]) => jsonKeys[key]?.(member) === true);
}

/** Every file in a part of the configuration, with the keys that lead to it. */
export function filesIn(part: unknown, at: readonly (string | number)[] = []): FoundFile[] {
  if (part instanceof FileReference) return [{ path: at, reference: part }];
  if (Array.isArray(part)) return part.flatMap((item: unknown, index) => filesIn(item, [...at, index]));
  if (!isPlainObject(part)) return [];
  return Object.entries(part).flatMap(([key, member]) => filesIn(member, [...at, key]));
}

export interface FoundFile {
  readonly path: readonly (string | number)[];
  readonly reference: FileReference;
}

/** A part with every file changed. What holds none stays the object that it was: one `auth` of two endpoints is one token. */
export function withFiles<Part>(part: Part, change: (found: FoundFile) => FileReference): Part;
export function withFiles(part: unknown, change: (found: FoundFile) => FileReference): unknown {
  return changed(part, [], change);
}

// --- internal ---

const isText = (value: unknown) => typeof value === 'string' && value !== '';

const jsonKeys: Readonly<Record<string, (value: unknown) => boolean>> = {
  file: isText,
  content_type: isText,
  data_url: (value) => typeof value === 'boolean',
};

function changed(part: unknown, at: FoundFile['path'], change: (found: FoundFile) => FileReference): unknown {
  if (part instanceof FileReference) return change({ path: at, reference: part });
  if (filesIn(part).length === 0) return part;
  if (Array.isArray(part)) return part.map((item: unknown, index) => changed(item, [...at, index], change));
  if (!isPlainObject(part)) return part;
  return Object.fromEntries(Object.entries(part).map(([key, member]) => [key, changed(member, [...at, key], change)]));
}

function isPlainObject(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
