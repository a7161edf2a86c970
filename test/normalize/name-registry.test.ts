import { describe, expect, it, test } from 'vitest';
import { NameRegistry } from '../../src/normalize/name-registry.ts';
import { columnName } from '../../src/schema/naming.ts';
import { shortenTag } from '../../src/schema/tag.ts';

/** Columns of one table: which name each key has in the end. */
class Columns {
  readonly names = new Map<string, string>();
  readonly #registry: NameRegistry;

  constructor(known: readonly string[] = []) {
    this.#registry = new NameRegistry((name) => known.includes(name));
  }

  reserve(name: string): this {
    this.#registry.reserve(name);
    return this;
  }

  claim(...keys: readonly string[]): this {
    for (const key of keys) this.names.set(key, this.#registry.claim(columnName(key), this.#owner(key)));
    return this;
  }

  restore(key: string, name: string): this {
    this.names.set(key, name);
    this.#registry.restore(name, this.#owner(key));
    return this;
  }

  #owner(key: string) {
    return { path: [key], rename: (name: string) => this.names.set(key, name) };
  }

  get all(): Record<string, string> {
    return Object.fromEntries([...this.names].sort());
  }
}

const tagged = (key: string) => `${columnName(key)}__${shortenTag(key)}`;

/** Every order of the keys. */
function orders(keys: readonly string[]): string[][] {
  if (keys.length < 2) return [[...keys]];
  return keys.flatMap((key) => orders(keys.filter((other) => other !== key)).map((rest) => [key, ...rest]));
}

describe('a name that several keys normalize to', () => {
  test.each(orders(['foo_bar', 'fooBar', 'FooBar']))('goes to the key that is it: %s, %s, %s', (...keys) => {
    expect(new Columns().claim(...keys).all).toEqual({
      foo_bar: 'foo_bar',
      fooBar: tagged('fooBar'),
      FooBar: tagged('FooBar'),
    });
  });

  test.each(orders(['fooBar', 'FooBar', 'foo-bar']))('goes to none of them where none is it: %s, %s, %s', (...keys) => {
    expect(new Columns().claim(...keys).all).toEqual({
      fooBar: tagged('fooBar'),
      FooBar: tagged('FooBar'),
      'foo-bar': tagged('foo-bar'),
    });
  });

  it('goes to a key that stands alone', () => {
    expect(new Columns().claim('fooBar').all).toEqual({ fooBar: 'foo_bar' });
  });
});

describe('a name that is settled already', () => {
  it('by the program belongs to nobody else', () => {
    expect(new Columns().reserve('_dlt_id').claim('_dlt_id').all).toEqual({ _dlt_id: tagged('_dlt_id') });
  });

  it('by an earlier load stays with the key that got the tag then', () => {
    expect(new Columns([tagged('fooBar')]).claim('fooBar').all).toEqual({ fooBar: tagged('fooBar') });
  });

  it('by an earlier load does not bind the key that is the very name', () => {
    expect(new Columns([tagged('foo_bar')]).claim('foo_bar').all).toEqual({ foo_bar: 'foo_bar' });
  });

  it('by an earlier run of the package, with a tag, leaves the name to the key that is it', () => {
    const columns = new Columns().restore('fooBar', tagged('fooBar'));
    expect(columns.claim('FooBar', 'foo_bar').all).toEqual({
      fooBar: tagged('fooBar'),
      FooBar: tagged('FooBar'),
      foo_bar: 'foo_bar',
    });
  });

  it('by an earlier run of the package is given up for the key that is it', () => {
    expect(new Columns().restore('fooBar', 'foo_bar').claim('foo_bar').all).toEqual({
      fooBar: tagged('fooBar'),
      foo_bar: 'foo_bar',
    });
  });
});

describe('paths that lead to one name', () => {
  const claimAll = (...paths: readonly (readonly string[])[]) => {
    const registry = new NameRegistry(() => false);
    const names = new Map<string, string>();
    for (const path of paths) {
      const rename = (name: string) => names.set(path.join('.'), name);
      rename(registry.claim(path.map((key) => columnName(key)).join('__'), { path, rename }));
    }
    return Object.fromEntries(names);
  };

  test.each([[[['a__b'], ['a', 'b']]], [[['a', 'b'], ['a__b']]]])(
    'prefer the shorter one, whichever comes first',
    (paths) => {
      expect(claimAll(...paths)).toEqual({ a__b: 'a__b', 'a.b': `a__b__${shortenTag('a.b')}` });
    },
  );
});

it('a name that moved is free again', () => {
  const registry = new NameRegistry(() => false);
  const owner = { path: ['models', 'Tags'], rename: () => undefined };
  registry.claim('models__tags', owner);
  registry.move(owner, 'models__tags', 'other__tags');
  expect(registry.claim('models__tags', { path: ['models', 'TAGS'], rename: () => undefined })).toBe('models__tags');
});
