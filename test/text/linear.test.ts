import { describe, expect, test } from 'vitest';
import { joinUrl } from '../../src/extract/http/url.ts';
import { linkOf } from '../../src/extract/paginators/header-link.ts';
import { parseExactJson } from '../../src/json/exact-json.ts';
import { validJson } from '../../src/json/json-text.ts';
import { rawJson } from '../../src/load/staging/raw-json.ts';
import { failureLine } from '../../src/report/failure-line.ts';
import { columnName, stripBlanks } from '../../src/schema/naming.ts';
import type { DataType } from '../../src/schema/table-schema.ts';
import { plainText } from '../../src/text/plain-text.ts';
import { coerce } from '../../src/values/coerce.ts';
import { decimalText, exactInteger } from '../../src/values/decimal.ts';
import { inferType } from '../../src/values/infer.ts';
import { parseFloatText, parseHexText, parseIntegerText } from '../../src/values/python-text.ts';
import { parseDateOrTimestamp, parseTime } from '../../src/values/timestamp.ts';
import { growth, LINEAR } from '../support/growth.ts';

type TextOf = (length: number) => string;

const run =
  (character: string): TextOf =>
  (length) =>
    character.repeat(length);
const between =
  (start: string, repeated: string, end: string): TextOf =>
  (length) =>
    start + repeated.repeat(length / repeated.length) + end;

/** Texts that make a pattern begin anew at every character. */
const hostile: readonly (readonly [name: string, textOf: TextOf])[] = [
  ['blanks between letters', between('x', ' ', 'x')],
  ['blanks', run(' ')],
  ['digits and a letter', between('', '1', 'x')],
  ['digits', run('9')],
  ['digits between underscores', between('', '1_', 'x')],
  ['a long fraction', between('1.', '0', '1')],
  ['a long fraction and a letter', between('1.', '1', 'x')],
  ['a long exponent', between('1e', '1', '')],
  ['a hexadecimal number', between('0x', 'f', '')],
  ['bytes between blanks', between('0x', 'ff ', 'g')],
  ['backslashes', between('"', '\\\\', '"')],
  ['a date-time with a long fraction', between('2026-01-01T00:00:00.', '1', 'x')],
  ['dashes and a letter', between('', '-', 'x')],
  ['upper case', run('A')],
  ['angle brackets', run('<')],
  ['semicolons', run(';')],
  ['slashes between letters', between('x', '/', 'x')],
  ['escape sequences without end', run('\u001b[;')],
];

const coercedTo = (data_type: DataType) => (text: string) => coerce({ name: 'a', data_type }, text);

/** Everything that looks into texts from outside: values, keys, headers, addresses, messages. */
const scans: Readonly<Record<string, (text: string) => unknown>> = {
  stripBlanks,
  columnName,
  inferType,
  parseFloatText,
  parseIntegerText,
  parseHexText,
  parseTime,
  parseDateOrTimestamp,
  validJson,
  exactInteger,
  decimalText: (text) => decimalText(text, 18, 4),
  'bigint column': coercedTo('bigint'),
  'double column': coercedTo('double'),
  'decimal column': coercedTo('decimal'),
  'timestamp column': coercedTo('timestamp'),
  'binary column': coercedTo('binary'),
  'header Link': (text) => linkOf(new Headers({ link: text.trim().replaceAll(/[^ -~]/g, '') }), 'next'),
  address: (text) => joinUrl(`http://localhost/${text}`, text),
  plainText,
  'failure line': (text) => failureLine({ code: 'Internal', message: text, hint: '' }),
};

describe('the work grows with the length of a text, not with its square', () => {
  test.each(Object.entries(scans))('%s', (_, scan) => {
    const growths = hostile.map(([name, textOf]) => [name, growth(scan, textOf)] as const);
    expect(growths.filter(([, factor]) => factor > LINEAR)).toEqual([]);
  });

  test.each([
    ['integers', run('9')],
    ['fractions', between('1.', '0', '1')],
    ['fractions before zeros', between('0.1', '0', '')],
  ])('numbers of JSON: %s', (_, textOf) => {
    const parsed = (text: string) => inferType(parseExactJson(text, true));
    expect(growth(parsed, textOf)).toBeLessThan(LINEAR);
  });

  test.each([
    ['backslashes', between('"', '\\\\', '"')],
    ['quotes', between('"', '\\"', '"')],
    ['empty texts', between('[""', ',""', ']')],
  ])('texts of JSON beside long numbers: %s', (_, textOf) => {
    expect(growth((text) => parseExactJson(text, true), textOf)).toBeLessThan(LINEAR);
  });

  test('the state that dlt keeps', () => {
    expect(growth(rawJson, between('{"a": "', '\\\\', '"}'))).toBeLessThan(LINEAR);
  });
});
