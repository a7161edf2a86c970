// Writes the JSON Schemas, made from what was built, to where the package exports them.
import { writeFileSync } from 'node:fs';
import { configJsonSchema } from '../dist/config/grammar/json-schema.js';
import { logJsonSchema } from '../dist/report/log-schema.js';
import { runSummaryJsonSchema } from '../dist/report/run-summary-schema.js';

const schemas = { config: configJsonSchema(), log: logJsonSchema(), 'run-summary': runSummaryJsonSchema() };
for (const [name, schema] of Object.entries(schemas)) {
  writeFileSync(new URL(`../dist/${name}.schema.json`, import.meta.url), `${JSON.stringify(schema, null, 2)}\n`);
}
