import { z } from 'zod';
import { Secret } from '../secret.ts';
import { configSchema } from './config-schema.ts';

/**
 * The configuration file as JSON Schema (draft 2020-12), for editors: they complete keys and mark errors with it.
 * What only TypeScript can hold (`data`) accepts anything.
 */
export function configJsonSchema(): Record<string, unknown> {
  const noSecrets = { lookup: (key: string) => Secret.missing(key, []), plain: () => Secret.missing('', []) };
  return z.toJSONSchema(configSchema(noSecrets), { io: 'input', unrepresentable: 'any', reused: 'ref' });
}
