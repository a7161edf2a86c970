import { expect, test } from 'vitest';
import { configJsonSchema } from '../../src/config/grammar/json-schema.ts';

test('the configuration is described for editors, key by key', () => {
  const schema = configJsonSchema();
  expect(schema).toMatchObject({
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    required: ['pipeline', 'source'],
    additionalProperties: false,
    properties: { pipeline: { required: ['name'], properties: { keep_packages: { default: 3, minimum: 0 } } } },
  });
  expect(JSON.stringify(schema)).toContain('"resource_defaults"');
});

test('the short form of a bearer needs no type', () => {
  const text = JSON.stringify(configJsonSchema());
  expect(text).toContain('"required":["token"]');
  expect(text).not.toContain('["type","token"]');
});
