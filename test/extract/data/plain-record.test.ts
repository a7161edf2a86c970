import { describe, expect, it } from 'vitest';
import { plainRecord } from '../../../src/extract/data/plain-record.ts';
import { ExactNumber } from '../../../src/json/exact-number.ts';

class Point {
  readonly x = 1;
}

class Hidden {
  readonly #x = 1;
  toString(): string {
    return String(this.#x);
  }
}

const circle: Record<string, unknown> = { id: 1 };
circle.self = { inner: circle };
const at = new Date(Date.UTC(2026, 0, 8, 5, 22, 53, 569));

describe('plainRecord', () => {
  it.each<[string, unknown]>([
    ['an object of JSON', { id: 1, a: [null, { b: 'x' }], on: true }],
    [
      'bigints and exact numbers',
      { big: 2n ** 70n, exact: new ExactNumber('0.10000000000000000001'), not: Number.NaN },
    ],
    ['text', 'x'],
    ['null', null],
  ])('gives %s back as it is', (_, record) => {
    expect(plainRecord(record)).toBe(record);
  });

  it.each<[string, unknown, unknown]>([
    ['a Date as ISO text', { at, list: [at] }, { at: '2026-01-08T05:22:53.569Z', list: ['2026-01-08T05:22:53.569Z'] }],
    ['bytes as base64', { a: Buffer.from('hi'), b: new Uint8Array([1, 2]).subarray(1) }, { a: 'aGk=', b: 'Ag==' }],
    ['undefined as missing', { a: undefined, b: { c: undefined } }, { b: {} }],
    ['undefined in a list as null', { a: [1, undefined] }, { a: [1, null] }],
    ['a URL as its text', { url: new URL('https://x.test/a') }, { url: 'https://x.test/a' }],
    ['what has toJSON as what that gives', { a: { toJSON: () => ({ at }) } }, { a: { at: at.toISOString() } }],
    ['an instance with fields as its fields', { p: new Point() }, { p: { x: 1 } }],
    ['an object without a prototype', Object.assign(Object.create(null), { a: 1 }), { a: 1 }],
    ['a Date alone', at, '2026-01-08T05:22:53.569Z'],
  ])('gives %s', (_, record, expected) => {
    expect(plainRecord(record)).toEqual(expected);
  });

  it('keeps a key called __proto__', () => {
    const record: unknown = JSON.parse('{"__proto__": {"a": 1}}');
    expect(JSON.stringify(plainRecord([record, undefined]))).toBe('[{"__proto__":{"a":1}},null]');
  });

  it('takes an object that occurs twice, and one of 200 levels', () => {
    const shared = { at };
    expect(plainRecord([shared, shared])).toEqual([{ at: at.toISOString() }, { at: at.toISOString() }]);
    let deep: unknown = 'end';
    for (let level = 0; level < 200; level++) deep = { deep };
    expect(plainRecord(deep)).toEqual(deep);
  });

  it.each<[string, unknown, string, string]>([
    ['a function', { a: { f() {} } }, 'a function', 'a.f'],
    ['a symbol', { a: [Symbol('x')] }, 'a symbol', 'a[0]'],
    ['a Map', { 'a b': new Map() }, 'an instance of Map', '["a b"]'],
    ['a Set', new Set([1]), 'an instance of Set', ''],
    ['a promise', { a: Promise.resolve(1) }, 'an instance of Promise', 'a'],
    ['an error', { a: new Error('x') }, 'an instance of Error', 'a'],
    ['an instance that shows no fields', { a: new Hidden() }, 'an instance of Hidden', 'a'],
    ['an invalid Date', { a: new Date(Number.NaN) }, 'an invalid Date', 'a'],
    ['a circle', circle, 'an object that holds itself', 'self.inner'],
  ])('refuses %s', (_, record, what, place) => {
    expect(() => plainRecord(record)).toThrow(expect.objectContaining({ what, at: place }));
  });

  it('refuses what is nested without end', () => {
    let deep: unknown = at;
    for (let level = 0; level < 100_000; level++) deep = [deep];
    expect(() => plainRecord(deep)).toThrow(expect.objectContaining({ what: 'something nested too deeply' }));
  });
});
