import { z } from 'zod';
import { configSchema } from './config-schema.ts';

/**
 * The configuration file as JSON Schema (draft 2020-12), for editors: they complete keys, explain them and mark errors with it.
 * What only TypeScript can hold (`data`) accepts anything.
 */
export function configJsonSchema(): Record<string, unknown> {
  const schema = z.toJSONSchema(configSchema, { io: 'input', unrepresentable: 'any', reused: 'ref' });
  return { title: 'Configuration of dezgo-elt', ...schema };
}
