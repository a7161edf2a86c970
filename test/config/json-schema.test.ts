import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { configJsonSchema } from '../../src/config/grammar/json-schema.ts';
import { paginatorKinds } from '../../src/config/grammar/paginator-kinds.ts';
import { projectRoot } from '../support/repository.ts';

const schema = configJsonSchema();
const accepts = (config: unknown) => z.fromJSONSchema(schema).safeParse(config).success;

const client = (part: object) => ({
  pipeline: { name: 'a' },
  source: { name: 'b', client: { base_url: 'https://a.example', ...part }, resources: ['c'] },
});

/** Every key of every mapping in a part of the schema, with the schema of its value. */
function keysIn(part: unknown, at = ''): [place: string, schema: object][] {
  if (typeof part !== 'object' || part === null) return [];
  return Object.entries(part).flatMap(([key, member]: [string, unknown]) => {
    const place = `${at}/${key}`;
    if (key !== 'properties' || typeof member !== 'object' || member === null) return keysIn(member, place);
    const own = Object.entries(member).map(([name, value]) => [`${place}/${name}`, value] as [string, object]);
    return [...own, ...Object.entries(member).flatMap(([name, value]) => keysIn(value, `${place}/${name}`))];
  });
}

function referred(part: object): object {
  const reference = '$ref' in part ? String(part.$ref).split('/') : [];
  return reference.slice(1).reduce<object>((place, name) => Reflect.get(place, name), schema);
}

test('the configuration is described for editors', () => {
  expect(schema).toMatchObject({
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    required: ['pipeline', 'source'],
    additionalProperties: false,
    properties: { pipeline: { required: ['name'], properties: { keep_packages: { default: 3, minimum: 0 } } } },
  });
});

test('every key has a description', () => {
  const keys = keysIn(schema);
  expect(keys.length).toBeGreaterThan(150);
  expect(keys.filter(([, key]) => !('description' in { ...referred(key), ...key })).map(([place]) => place)).toEqual(
    [],
  );
});

test('the shipped configuration names the schema in its first line, and is valid by it', async () => {
  const text = await readFile(resolve(projectRoot, 'pipeline.config.yaml'), 'utf8');
  const { exports } = JSON.parse(await readFile(resolve(projectRoot, 'package.json'), 'utf8'));
  expect(text.split('\n')[0]).toBe(`# yaml-language-server: $schema=${exports['./config.schema.json']}`);
  expect(accepts(parse(text))).toBe(true);
});

test.each([
  ['the short form of a bearer', { auth: { token: { secret: 'key' } } }, true],
  ['a key of another kind of auth', { auth: { type: 'bearer', token: 'key', username: 'me' } }, false],
  ['a duration as text', { timeout: '30s' }, true],
  ['an unknown key', { tiemout: '30s' }, false],
  ['a paginator by a name that does not say enough', { paginator: 'offset' }, false],
  ['a paginator with what it needs', { paginator: { type: 'offset', limit: 5 } }, true],
])('the schema tells right from wrong: %s', (_, part, isRight) => {
  expect(accepts(client(part))).toBe(isRight);
});

test.each(paginatorKinds.map(({ shape }) => shape.type.value).filter((type) => type !== 'offset'))(
  'a paginator can be named alone: %s',
  (type) => {
    expect(accepts(client({ paginator: type }))).toBe(true);
  },
);
