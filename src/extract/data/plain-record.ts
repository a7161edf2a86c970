import { ExactNumber } from '../../json/exact-number.ts';
import type { Json } from '../../json/json-value.ts';

/** What a program's own data holds that JSON has no form for. */
export class NotJson extends Error {
  /** `a Map`. */
  readonly what: string;
  /** The keys that lead to it: `tags[2].at`; empty for the record itself. */
  readonly at: string;

  constructor(what: string, at: string) {
    super(`${what} at ${at}`);
    this.what = what;
    this.at = at;
  }
}

/**
 * A program's own record as JSON with bigints and exact numbers: a Date as its ISO text, bytes as base64, anything else with
 * `toJSON()` as what that gives, `undefined` as missing. The record itself where nothing has to change. Throws NotJson.
 *
 * @example
 * plainRecord({ at: new Date(0), size: undefined }) // { at: '1970-01-01T00:00:00.000Z' }
 */
export function plainRecord(record: unknown): Json {
  if (isPlain(record, 0)) return record;
  try {
    return converted(record, '', new Set());
  } catch (error) {
    if (error instanceof RangeError) throw new NotJson('something nested too deeply', '');
    throw error;
  }
}

// --- internal ---

/** Deeper values are looked at by the slower walk, which notices those that hold themselves. */
const DEEPEST = 100;

/** Runs for every value of every record. */
function isPlain(value: unknown, depth: number): boolean {
  switch (typeof value) {
    case 'string':
    case 'number':
    case 'boolean':
    case 'bigint':
      return true;
    case 'object':
      break;
    default:
      return false;
  }
  if (value === null) return true;
  if (depth > DEEPEST) return false;
  if (Array.isArray(value)) {
    for (const item of value) if (!isPlain(item, depth + 1)) return false;
    return true;
  }
  if (Object.getPrototypeOf(value) !== Object.prototype) return value instanceof ExactNumber;
  for (const member of Object.values(value)) if (!isPlain(member, depth + 1)) return false;
  return true;
}

function converted(value: unknown, at: string, above: Set<object>): Json {
  if (typeof value === 'function' || typeof value === 'symbol') throw new NotJson(`a ${typeof value}`, at);
  if (typeof value !== 'object' || value === null || value instanceof ExactNumber) return value;
  if (value instanceof Date) return isoText(value, at);
  if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.length).toString('base64');
  if (above.has(value)) throw new NotJson('an object that holds itself', at);
  above.add(value);
  const json = convertedObject(value, at, above);
  above.delete(value);
  return json;
}

function convertedObject(value: object, at: string, above: Set<object>): Json {
  const toJson: unknown = Reflect.get(value, 'toJSON');
  if (typeof toJson === 'function') return converted(toJson.call(value, ''), at, above);
  if (Array.isArray(value))
    return Array.from(value, (item, index) => converted(item ?? null, `${at}[${index}]`, above));
  const entries = Object.entries(value);
  if (!isRecord(value, entries.length)) throw new NotJson(nameOf(value), at);
  const members = entries.flatMap(([key, member]): [string, Json][] =>
    member === undefined ? [] : [[key, converted(member, below(at, key), above)]],
  );
  return Object.fromEntries(members);
}

/** A plain object, also one of another realm or without a prototype, or an instance of a class whose fields can be seen. */
function isRecord(value: object, keys: number): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === null || Object.getPrototypeOf(prototype) === null) return true;
  return keys > 0 && Object.prototype.toString.call(value) === '[object Object]';
}

function isoText(date: Date, at: string): string {
  if (Number.isNaN(date.getTime())) throw new NotJson('an invalid Date', at);
  return date.toISOString();
}

function nameOf(value: object): string {
  const name: unknown = value.constructor?.name;
  return typeof name === 'string' && name !== '' ? `an instance of ${name}` : 'an object of a class';
}

function below(at: string, key: string): string {
  if (!/^[\p{L}_$][\p{L}\p{N}_$-]*$/u.test(key)) return `${at}[${JSON.stringify(key)}]`;
  return at === '' ? key : `${at}.${key}`;
}
