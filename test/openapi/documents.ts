import { type DraftOptions, draftSource } from '../../src/openapi/draft-source.ts';
import type { DraftedResource, DraftedSource } from '../../src/openapi/drafted-source.ts';

/** A document of these GETs, by their paths: what each answers with, or the whole operation. */
export function documentOf(paths: Readonly<Record<string, object>>, rest: object = {}): object {
  const items = Object.entries(paths).map(([path, given]) => [
    path,
    { get: 'responses' in given ? given : answering(given) },
  ]);
  return {
    openapi: '3.0.3',
    info: { title: 'Shop', version: '1' },
    servers: [{ url: 'https://shop.example.com/v1' }],
    paths: Object.fromEntries(items),
    ...rest,
  };
}

/** An operation that answers with this. */
export function answering(schema: object, rest: object = {}): object {
  return { responses: { 200: { description: '', content: { 'application/json': { schema } } } }, ...rest };
}

/** `query`, all of them texts where nothing else is said. */
export function parameters(names: Readonly<Record<string, object>>): object[] {
  return Object.entries(names).map(([name, schema]) => ({ name, in: 'query', schema: { type: 'string', ...schema } }));
}

export const text = { type: 'string' };
export const whole = { type: 'integer' };
export const listOf = (...keys: readonly string[]) => ({ type: 'array', items: recordOf(...keys) });
export const recordOf = (...keys: readonly string[]) => ({
  type: 'object',
  properties: Object.fromEntries(keys.map((key) => [key, text])),
  required: keys,
});
export const object = (properties: object) => ({ type: 'object', properties });

export function drafted(document: unknown, options: Partial<DraftOptions> = {}): DraftedSource {
  return draftSource(document, { from: 'openapi.json', ...options });
}

/** The resources of a document, by their names. */
export function resourcesOf(
  document: unknown,
  options: Partial<DraftOptions> = {},
): Readonly<Record<string, DraftedResource>> {
  return Object.fromEntries(drafted(document, options).resources.map((resource) => [resource.name, resource]));
}

/** The one resource of a document with one path. */
export function resourceOf(operation: object, path = '/orders'): DraftedResource {
  const [resource] = drafted(documentOf({ [path]: operation })).resources;
  if (resource === undefined) throw new Error('the document has no resource');
  return resource;
}
