import { z } from 'zod';

/** What editors show of a key: it goes into the JSON Schema, and no run reads it. */
const descriptions = z.globalRegistry;

/** Says what a key is for. Unlike `describe` it copies no schema, which every cold run would pay for, but one that two keys share. */
export function about<Schema extends z.ZodType>(description: string, schema: Schema): Schema {
  const own = descriptions.has(schema) ? schema.clone() : schema;
  descriptions.add(own, { description });
  return own;
}
