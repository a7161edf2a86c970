import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { schemaYaml } from '../../src/schema-files/schema-yaml.ts';

describe('schemaYaml', () => {
  it('writes blocks, keys in their order, lists not indented, as dlt does', () => {
    const content = { name: 'shop', tables: { b: { columns: {} }, a: {} }, previous_hashes: ['x', 'y='], none: [] };
    expect(schemaYaml(content)).toBe(
      'name: shop\ntables:\n  b:\n    columns: {}\n  a: {}\nprevious_hashes:\n- x\n- y=\nnone: []\n',
    );
  });

  it.each(['yes', 'off', 'y', '2024-01-02', '12:30', '1_000', '0x1F', '0o17', '1e5', '=', '<<', '~', '', 'a: b'])(
    'puts the text %j in quotes, which YAML 1.1 or 1.2 takes for something else',
    (text) => {
      const yaml = schemaYaml({ description: text });
      expect(yaml).toMatch(/^description: (['"]).*\1\n$/);
      expect(parse(yaml, { version: '1.1' })).toEqual({ description: text });
    },
  );

  it.each([
    '\u001b[31mred',
    'a\u2028b',
    'a\u0085b',
    '\u202edrawkcab',
    '\ufeffx',
    'a\nb\n',
    'a\tb\r\n',
    'it\'s "quoted"',
    '😀 é',
  ])('keeps %j, with nothing in it that a terminal acts on', (text) => {
    const yaml = schemaYaml({ description: text });
    expect(yaml).not.toMatch(/[^\P{Cc}\n]|[\u2028\u202e\ufeff]/u);
    expect(parse(yaml)).toEqual({ description: text });
  });
});
