// Writes the JSON Schema of the configuration, made from the grammar that was built, to where the package exports it.
import { writeFileSync } from 'node:fs';
import { configJsonSchema } from '../dist/config/grammar/json-schema.js';

const schema = JSON.stringify(configJsonSchema(), null, 2);
writeFileSync(new URL('../dist/config.schema.json', import.meta.url), `${schema}\n`);
