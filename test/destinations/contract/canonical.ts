import { isLosslessNumber, parse } from 'lossless-json';
import type { TextRow, TextTables } from './test-destination.ts';

/** Data type of a column, as the schema document has it. */
export type TypeOf = (table: string, column: string) => string | undefined;

/** Tables in the one form in which those of two engines can be compared: rows without nulls, in one order. */
export function canonicalTables(tables: TextTables, typeOf: TypeOf): Record<string, readonly string[]> {
  return Object.fromEntries(
    Object.entries(tables)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([name, rows]) => [name, rows.map((row) => rowText(row, (column) => typeOf(name, column))).sort()]),
  );
}

// --- internal ---

function rowText(row: TextRow, typeOf: (column: string) => string | undefined): string {
  const known = Object.entries(row).flatMap(([name, value]) =>
    value === null ? [] : [`${name}: ${canonical(value, typeOf(name))}`],
  );
  return known.sort().join(' | ');
}

function canonical(value: string, type: string | undefined): string {
  switch (type) {
    case 'json':
      return written(parse(value));
    case 'double':
      return String(Number(value.replace(/inf(inity)?/i, 'Infinity')));
    case 'decimal':
    case 'wei':
      return /^[-+\d.e]+$/i.test(value) ? plainDecimal(value) : value;
    case 'timestamp':
    case 'time':
      return value.replace(/(\.\d*?)0*$/, '$1').replace(/\.$/, '');
    default:
      return value;
  }
}

/** As JSON with sorted names and plain numbers. */
function written(value: unknown): string {
  if (isLosslessNumber(value)) return plainDecimal(value.value);
  if (Array.isArray(value)) return `[${value.map(written).join()}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${written(member)}`).join()}}`;
}

/** Without an exponent, and without zeros that say nothing. */
function plainDecimal(text: string): string {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] =
    /^([-+]?)(\d*)\.?(\d*)(?:e([-+]?\d+))?$/i.exec(text.trim()) ?? [];
  const point = whole.length + Number(exponent);
  const digits = `${whole}${fraction}`
    .padEnd(point, '0')
    .padStart(fraction.length + whole.length - Math.min(point, 0), '0');
  const at = Math.max(point, 0);
  const left = digits.slice(0, at).replace(/^0+/, '') || '0';
  const right = digits.slice(at).replace(/0+$/, '');
  const plain = right === '' ? left : `${left}.${right}`;
  return sign === '-' && plain !== '0' ? `-${plain}` : plain;
}
