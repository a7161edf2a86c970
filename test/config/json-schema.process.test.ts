import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { configJsonSchema } from '../../src/config/grammar/json-schema.ts';

test('the package holds the schema of its grammar as dezgo-elt/config.schema.json', async () => {
  const file = fileURLToPath(import.meta.resolve('dezgo-elt/config.schema.json'));
  expect(JSON.parse(await readFile(file, 'utf8'))).toEqual(configJsonSchema());
});
