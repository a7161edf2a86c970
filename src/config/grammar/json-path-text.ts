import { z } from 'zod';

const advices = new WeakMap<object, string>();

/** A text that is a JSONPath. `advice` says what to write instead of an empty one. */
export function jsonPathText(advice: string): z.ZodString {
  const schema = z.string();
  advices.set(schema, advice);
  return schema;
}

/** Undefined for every schema but one of a JSONPath. */
export function jsonPathAdvice(schema: object): string | undefined {
  return advices.get(schema);
}
