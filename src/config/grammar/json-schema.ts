import { z } from 'zod';
import { configSchema } from './config-schema.ts';

/**
 * The configuration file as JSON Schema (draft 2020-12), for editors: they complete keys and mark errors with it.
 * What only TypeScript can hold (`data`) accepts anything.
 */
export function configJsonSchema(): Record<string, unknown> {
  return z.toJSONSchema(configSchema, { io: 'input', unrepresentable: 'any', reused: 'ref' });
}
