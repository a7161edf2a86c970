import type { Profile } from './profiles/profile.ts';
import type { World } from './reply.ts';
import type { Route } from './route.ts';

/** The routes as an OpenAPI 3.0 document: paths, methods, required fields and headers, what a GET answers with. */
export function openApi(profile: Profile, routes: readonly Route[], { origin }: Pick<World, 'origin'>): object {
  const paths = new Map<string, Record<string, object>>();
  for (const route of routes) {
    const path = route.path.slice(profile.base.length);
    paths.set(path, { ...paths.get(path), [route.method.toLowerCase()]: operation(route) });
  }
  return {
    openapi: '3.0.3',
    info: { title: `${profile.title} (stand-in)`, version: '0' },
    servers: [{ url: `${origin}${profile.base}` }],
    security: [Object.fromEntries(profile.headers.map((name) => [name, []]))],
    components: {
      securitySchemes: Object.fromEntries(
        profile.headers.map((name) => [name, { type: 'apiKey', in: 'header', name }]),
      ),
    },
    paths: Object.fromEntries(paths),
  };
}

// --- internal ---

function operation({ path, method, open, needs = [], query = [], shape }: Route): object {
  const ids = path.endsWith('/{id}') ? [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }] : [];
  const parameters = [...ids, ...query.map((name) => ({ name, in: 'query', schema: { type: 'string' } }))];
  const body = { 'application/json': { schema: { type: 'object', required: needs } } };
  return {
    ...(open && { security: [] }),
    ...(parameters.length > 0 && { parameters }),
    ...(method === 'POST' && { requestBody: { required: true, content: body } }),
    responses: shape === undefined ? { default: { description: 'Invented' } } : { 200: reply(shape) },
  };
}

function reply(shape: NonNullable<Route['shape']>): object {
  const content = shape === 'image' ? { 'image/png': {} } : { 'application/json': { schema: shape } };
  return { description: 'Invented', content };
}
