import type { CsvOptions } from '../../config/grammar/format-schema.ts';
import type { Json } from '../../json/json-value.ts';
import { BadCsv, type CsvRow, csvRows, guessDelimiter } from './csv.ts';

/** Every value is a text, or null for a field that is empty and has no quotes. Throws BadCsv, also for rows of another length. */
export function csvRecords(text: string, options: CsvOptions, isTabbed: boolean, note: (text: string) => void): Json[] {
  const delimiter = options.delimiter ?? (isTabbed ? '\t' : guessed(text, note));
  const { header = true } = options;
  let names: readonly string[] | undefined = Array.isArray(header) ? header : undefined;
  const records: Json[] = [];
  let blank = 0;
  for (const row of csvRows(text, delimiter)) {
    if (row.fields.length === 1 && row.fields[0] === null) {
      blank += 1;
      continue;
    }
    // In a file of one column a blank line is a row without a value, but for those at the end.
    if (names?.length === 1)
      for (; blank > 0; blank -= 1) records.push(recordOf(names, { fields: [null], line: row.line }));
    blank = 0;
    if (names === undefined && header === true) {
      names = namesOf(row, note);
      continue;
    }
    names ??= row.fields.map((_, index) => `column${index}`);
    records.push(recordOf(names, row));
  }
  return records;
}

// --- internal ---

function guessed(text: string, note: (text: string) => void): string {
  const delimiter = guessDelimiter(text);
  if (delimiter !== ',') {
    const shown = JSON.stringify(delimiter);
    note(
      `the fields of the CSV were taken to be separated by ${shown}; set \`csv: { delimiter: ${shown} }\` to settle it`,
    );
  }
  return delimiter;
}

function recordOf(names: readonly string[], { fields, line }: CsvRow): Json {
  if (fields.length !== names.length) {
    throw new BadCsv(`has ${fields.length} fields in line ${line}, where ${names.length} columns are named`);
  }
  return Object.fromEntries(names.map((name, index) => [name, fields[index] ?? null]));
}

/** As DuckDB names columns without a name of their own. */
function namesOf({ fields }: CsvRow, note: (text: string) => void): string[] {
  const taken = new Set<string>();
  return fields.map((field, index) => {
    const wanted = field ?? `column${index}`;
    let name = wanted;
    for (let again = 1; taken.has(name); again += 1) name = `${wanted}_${again}`;
    taken.add(name);
    if (name !== field)
      note(
        `column ${index + 1} of the CSV was named \`${name}\`: ${field === null ? 'it has no name' : 'its name is there twice'}`,
      );
    return name;
  });
}
