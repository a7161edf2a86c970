/** What is wrong in a CSV; the message ends a sentence about it. */
export class BadCsv extends Error {}

/** Null for a field that is empty and has no quotes. */
type CsvField = string | null;

export interface CsvRow {
  readonly fields: readonly CsvField[];
  /** Where it begins, from 1. */
  readonly line: number;
}

/**
 * The rows of a CSV as RFC 4180 has it, lines ended by any of CR LF, LF and CR. Throws BadCsv for a quote in a field without
 * quotes, text behind a closing quote, and a quote that is never closed.
 *
 * @example
 * [...csvRows('a,"b ""c"""\n,""', ',')].map(({ fields }) => fields) // [['a', 'b "c"'], [null, '']]
 */
export function* csvRows(text: string, delimiter: string): Generator<CsvRow> {
  const reader = new CsvReader(text.includes('\n') ? text : text.replaceAll('\r', '\n'), delimiter);
  while (!reader.isOver) yield reader.row();
}

/** The sign that most often stands between the fields of the first line: `,` where none does. */
export function guessDelimiter(text: string): string {
  const [line = ''] = /^(?:"(?:[^"]|"")*"|[^"\r\n])*/.exec(text) ?? [];
  const outside = line.replace(/"(?:[^"]|"")*"/g, '');
  const counts = [',', ';', '\t', '|'].map((sign) => ({ sign, times: outside.split(sign).length }));
  return counts.reduce((best, each) => (each.times > best.times ? each : best)).sign;
}

// --- internal ---

class CsvReader {
  readonly #text: string;
  readonly #delimiter: string;
  #at = 0;
  #line = 1;
  /** The next line break from where the last one was looked for. */
  #break = -1;

  constructor(text: string, delimiter: string) {
    this.#text = text;
    this.#delimiter = delimiter;
  }

  get isOver(): boolean {
    return this.#at >= this.#text.length;
  }

  row(): CsvRow {
    const line = this.#line;
    const fields: CsvField[] = [];
    do fields.push(this.#field());
    while (this.#takeDelimiter());
    this.#takeBreak();
    return { fields, line };
  }

  #field(): CsvField {
    return this.#text.charAt(this.#at) === '"' ? this.#quoted() : this.#plain();
  }

  #plain(): CsvField {
    const start = this.#at;
    const delimiter = this.#text.indexOf(this.#delimiter, start);
    const lineBreak = this.#nextBreak();
    this.#at = delimiter === -1 ? lineBreak : Math.min(delimiter, lineBreak);
    const isLast = this.#at === lineBreak;
    const value = this.#text.slice(start, this.#at);
    const field = isLast && value.endsWith('\r') ? value.slice(0, -1) : value;
    if (field.includes('"')) throw new BadCsv(`has a quote inside of a field without quotes in line ${this.#line}`);
    return field === '' ? null : field;
  }

  #quoted(): string {
    const line = this.#line;
    const pieces: string[] = [];
    for (let from = this.#at + 1; ; ) {
      const quote = this.#text.indexOf('"', from);
      if (quote === -1) throw new BadCsv(`has a quote in line ${line} that is never closed: it may be cut short`);
      const piece = this.#text.slice(from, quote);
      pieces.push(piece);
      this.#line += piece.split('\n').length - 1;
      this.#at = quote + 1;
      if (this.#text.charAt(this.#at) !== '"') break;
      pieces.push('"');
      from = this.#at + 1;
    }
    if (this.#text.startsWith('\r\n', this.#at)) this.#at += 1;
    const next = this.#text.charAt(this.#at);
    if (next !== '' && next !== '\n' && next !== this.#delimiter)
      throw new BadCsv(`has text behind a closing quote in line ${this.#line}`);
    return pieces.join('');
  }

  #nextBreak(): number {
    if (this.#break < this.#at) {
      const found = this.#text.indexOf('\n', this.#at);
      this.#break = found === -1 ? this.#text.length : found;
    }
    return this.#break;
  }

  #takeDelimiter(): boolean {
    if (this.#text.charAt(this.#at) !== this.#delimiter) return false;
    this.#at += 1;
    return true;
  }

  #takeBreak(): void {
    this.#at += 1;
    this.#line += 1;
  }
}
