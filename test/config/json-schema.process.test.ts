import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { configJsonSchema } from '../../src/config/grammar/json-schema.ts';
import { logJsonSchema } from '../../src/report/log-schema.ts';

test.each([
  ['config', configJsonSchema],
  ['log', logJsonSchema],
])('the package holds what it is made from as dezgo-elt/%s.schema.json', async (name, made) => {
  const file = fileURLToPath(import.meta.resolve(`dezgo-elt/${name}.schema.json`));
  expect(JSON.parse(await readFile(file, 'utf8'))).toEqual(made());
});
