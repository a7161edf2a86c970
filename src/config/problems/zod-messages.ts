import type { z } from 'zod';
import { didYouMean } from '../../text/nearest.ts';

const kinds: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: '`true` or `false`',
  object: 'a mapping',
  record: 'a mapping',
  array: 'a list',
  tuple: 'a list',
  null: 'null',
};

/** zod's issues as sentences. Values are shown only where a fixed set of words was expected: others may be secrets. */
export const wording: z.core.$ZodErrorMap = (issue) => {
  switch (issue.code) {
    case 'invalid_type':
      return mismatch(kinds[issue.expected] ?? issue.expected, issue.input);
    case 'invalid_value':
      return expectedOneOf(issue.values.map(String), issue.input);
    case 'invalid_union':
      return issue.errors.length === 0 ? unknownType(issue) : '';
    case 'invalid_format':
      return issue.format === 'url'
        ? 'expected a URL such as `https://api.example.com/`'
        : `expected text like ${issue.pattern ?? issue.format}`;
    case 'too_small':
      return tooSmall(issue.origin, issue.minimum, issue.inclusive ?? true);
    case 'too_big':
      return `expected at most ${issue.maximum}`;
    case 'invalid_key':
      return issue.issues[0]?.message;
    default:
      return undefined;
  }
};

export function expectedOneOf(values: readonly string[], input: unknown): string {
  const words = values.map((value) => `\`${value}\``).join(', ');
  const expected = values.length === 1 ? `expected ${words}` : `expected one of ${words}`;
  if (typeof input !== 'string') return mismatchAfter(expected, input);
  if (input === '') return `${expected}, got empty text`;
  return `${expected}, got \`${input.slice(0, 40)}\`${otherName(input, values) ?? didYouMean(input, values)}`;
}

/** What other systems call dlt's data types. */
const dataTypeNames: ReadonlyMap<string, string> = new Map([
  ...['int', 'integer', 'int64', 'long'].map((name) => [name, 'bigint'] as const),
  ...['string', 'str', 'varchar', 'char', 'uuid'].map((name) => [name, 'text'] as const),
  ...['number', 'float', 'real', 'float64'].map((name) => [name, 'double'] as const),
  ['boolean', 'bool'],
  ...['datetime', 'timestamptz'].map((name) => [name, 'timestamp'] as const),
  ...['object', 'array', 'list', 'dict', 'struct'].map((name) => [name, 'json'] as const),
  ['numeric', 'decimal'],
  ...['blob', 'bytes'].map((name) => [name, 'binary'] as const),
]);

function otherName(input: string, values: readonly string[]): string | undefined {
  const name = dataTypeNames.get(input.toLowerCase());
  return name !== undefined && values.includes(name) && values.includes('bigint')
    ? `, did you mean \`${name}\`?`
    : undefined;
}

export function mismatch(expected: string, input: unknown): string {
  return mismatchAfter(`expected ${expected}`, input);
}

function mismatchAfter(expected: string, input: unknown): string {
  if (input === undefined) return `is required: ${expected}`;
  const quotes = / text\b/.test(expected) && (typeof input === 'number' || typeof input === 'boolean');
  return `${expected}, got ${kindOf(input)}${quotes ? ' (write it in quotes)' : ''}`;
}

function kindOf(input: unknown): string {
  if (input === null) return 'nothing';
  if (Array.isArray(input)) return 'a list';
  if (typeof input === 'string') return 'text';
  if (typeof input === 'boolean') return `\`${input}\``;
  if (typeof input === 'number') return Number.isInteger(input) ? 'a whole number' : 'a number';
  return typeof input === 'object' ? 'a mapping' : `a ${typeof input}`;
}

function tooSmall(origin: string, minimum: number | bigint, inclusive: boolean): string {
  if (origin === 'string') return 'expected text that is not empty';
  if (origin === 'array') return `expected a list of at least ${minimum} item${minimum === 1 ? '' : 's'}`;
  return inclusive ? `expected a number of at least ${minimum}` : `expected a number above ${minimum}`;
}

/** A mapping whose `type` (or whatever tells its kinds apart) is none of those known. */
function unknownType(issue: z.core.$ZodRawIssue<z.core.$ZodIssueInvalidUnion>): string {
  const { input, discriminator = 'type' } = issue;
  const options = 'options' in issue && Array.isArray(issue.options) ? issue.options : [];
  const value =
    typeof input === 'object' && input !== null ? new Map(Object.entries(input)).get(discriminator) : undefined;
  return expectedOneOf(options.map(String), value);
}
