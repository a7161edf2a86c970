import { type Case, inEach } from './case.ts';

const append = { write_disposition: 'append' } as const;

const texts = [
  '',
  ' ',
  "'",
  '"',
  '""',
  '\\',
  '\\N',
  '\\.',
  'N',
  'NULL',
  'null',
  '\n',
  '\r\n',
  '\r',
  '\t',
  'a,b;c|d',
  '"quoted",\n"lines"',
  "it''s",
  '\u0001\u001f\u007f',
  '🙂 👩‍👩‍👧',
  'e\u0301 é',
  '\u2028\u2029',
  '\uffff\ufffd',
  '$1 :name ? %s',
  '{"json": "text"}',
  'x'.repeat(70_000),
];

/** Each value as a record, numbered. */
const numbered = (values: readonly string[]) => `[${values.map((v, id) => `{"id": ${id}, "v": ${v}}`).join(', ')}]`;

const deep = (levels: number): string => (levels === 0 ? '"end"' : `{"in": [${deep(levels - 1)}]}`);

export const values: readonly Case[] = [
  {
    name: 'texts',
    title: 'texts, whatever is in them',
    steps: inEach(
      append,
      texts.map((text, id) => ({ id, text, of: [text] })),
    ),
  },
  {
    name: 'nulchars',
    title: 'the character NUL in texts',
    steps: inEach(append, [
      { id: 1, text: 'a\u0000b' },
      { id: 2, text: '\u0000' },
    ]),
  },
  {
    name: 'nuljson',
    title: 'the character NUL in JSON',
    steps: inEach({ ...append, columns: { raw: { data_type: 'json' } } }, [
      { id: 1, raw: { a: 'x\u0000y', b: '\\u0000' } },
    ]),
  },
  {
    name: 'surrogate',
    title: 'half a surrogate pair',
    steps: inEach(append, '[{"id": 1, "text": "a\\ud800b"}]'),
  },
  {
    name: 'integers',
    title: 'integers to the edges of 64 bits, and of 38 digits',
    steps: inEach(
      append,
      numbered(['0', '-0', '9007199254740993', '9223372036854775807', '-9223372036854775808']),
      `[{"id": 10, "w": 9223372036854775808}, {"id": 11, "w": 99999999999999999999999999999999999999},
        {"id": 12, "w": -99999999999999999999999999999999999999}]`,
    ),
  },
  {
    name: 'hugest',
    title: 'integers of 39 digits, and beyond 128 bits',
    steps: inEach(
      append,
      `[{"id": 1, "w": 170141183460469231731687303715884105727}, {"id": 2, "w": -170141183460469231731687303715884105727},
        {"id": 3, "w": 170141183460469231731687303715884105728}]`,
    ),
  },
  {
    name: 'doubles',
    title: 'doubles to their edges',
    steps: inEach(
      append,
      numbered([
        '0.1',
        '1e300',
        '-1.7976931348623157e308',
        '5e-324',
        '2.2250738585072014e-308',
        '1.0',
        '-0.0',
        '123456789.12345679',
        '1e16',
        '0.30000000000000004',
      ]),
    ),
  },
  {
    name: 'beyond',
    title: 'numbers that no double holds',
    steps: inEach(append, numbered(['0.5', '1e400', '-1e400', '123456789012345678901234567890.5'])),
  },
  {
    name: 'decimals',
    title: 'decimals are exact, and go to text where they do not fit',
    steps: inEach(
      { ...append, columns: { v: { data_type: 'decimal', precision: 38, scale: 9 } } },
      numbered([
        '0.1',
        '-0.000000001',
        '99999999999999999999999999999.999999999',
        '1e5',
        '"12.5"',
        '1',
        '0.0000000005',
      ]),
      numbered(['1e40', '"many"']),
    ),
  },
  {
    name: 'times',
    title: 'timestamps to their edges',
    steps: inEach(append, [
      { id: 1, at: '2026-01-31T09:30:00Z' },
      { id: 2, at: '0001-01-01T00:00:00Z' },
      { id: 3, at: '9999-12-31T23:59:59.999999Z' },
      { id: 4, at: '1969-12-31T23:59:59.999999Z' },
      { id: 5, at: '2026-01-31T09:30:00.123456+05:30' },
      { id: 6, at: '2026-01-31T09:30:00-12:00' },
      { id: 7, at: '1900-01-01T00:00:00.5+00:00' },
      { id: 8, at: '2016-12-31T23:59:59Z' },
    ]),
  },
  {
    name: 'clocks',
    title: 'dates and times of the day',
    steps: inEach({ ...append, columns: { day: { data_type: 'date' }, clock: { data_type: 'time' } } }, [
      { id: 1, day: '0001-01-01', clock: '00:00:00' },
      { id: 2, day: '9999-12-31', clock: '23:59:59.999999' },
      { id: 3, day: '1970-01-01', clock: '12:00:00.5' },
      { id: 4, day: null, clock: null },
    ]),
  },
  {
    name: 'bools',
    title: 'bools, and none',
    steps: inEach(append, [{ id: 1, b: true }, { id: 2, b: false }, { id: 3, b: null }, { id: 4 }]),
  },
  {
    name: 'bytes',
    title: 'bytes',
    steps: inEach({ ...append, columns: { bytes: { data_type: 'binary' } } }, [
      { id: 1, bytes: Buffer.from([...Array(256).keys()]).toString('base64') },
      { id: 2, bytes: '' },
      { id: 3, bytes: null },
      { id: 4, bytes: Buffer.from('\\x41\\\\').toString('base64') },
    ]),
  },
  {
    name: 'documents',
    title: 'JSON: deep, with long numbers, names and texts of all kinds',
    steps: inEach(
      { ...append, columns: { raw: { data_type: 'json' } } },
      `[{"id": 1, "raw": {"n": 123456789012345678901234567890.123456789, "i": 170141183460469231731687303715884105728, "e": 1e300}},
        {"id": 2, "raw": ${deep(200)}}, {"id": 3, "raw": null}, {"id": 4, "raw": []}, {"id": 5, "raw": {}},
        {"id": 6, "raw": "text, \\"quoted\\"\\n"}, {"id": 7, "raw": 1.50}, {"id": 8, "raw": false},
        {"id": 9, "raw": {"b": 1, "a": {"\\\\N": "\\\\.", "": "empty", "é🙂": "it's"}, "list": [[], [null], [[1]]]}}]`,
    ),
  },
  {
    name: 'wide',
    title: 'many columns',
    steps: inEach(append, [
      Object.fromEntries(Array.from({ length: 300 }, (_, n) => [`c${n}`, n % 3 === 0 ? `t${n}` : n])),
    ]),
  },
  {
    name: 'many',
    title: 'more rows than a chunk of DuckDB',
    steps: inEach(
      append,
      Array.from({ length: 5_000 }, (_, id) => ({ id, word: `w${id % 7}`, of: id % 3 === 0 ? [id] : [] })),
      Array.from({ length: 10 }, (_, id) => ({ id, word: 'later', of: [id] })),
    ),
  },
];
