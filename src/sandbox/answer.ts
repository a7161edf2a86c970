import { openApi } from './open-api.ts';
import type { Profile } from './profiles/profile.ts';
import { type Call, json, type Reply, type World } from './reply.ts';
import { matches, type Route } from './route.ts';

/** The reply of the route that the call names, or the 404, 405 or 401 that says why there is none. */
export async function answer(call: Call, world: World, profile: Profile): Promise<Reply> {
  const atPath = routesOf(profile, world).filter(({ path }) => matches(path, call.path));
  if (atPath.length === 0) return profile.failure(404, `There is no path ${call.path}.`);
  const route = atPath.find(({ method }) => method === call.method);
  if (route === undefined) {
    const allow = atPath.map(({ method }) => method).join(', ');
    return profile.failure(405, `${call.path} takes ${allow}.`, { allow });
  }
  const refused = profile.refusal(call, world);
  if (refused !== undefined) return route.open ? route.answer(call, world) : refused;
  const reply = await route.answer(call, world);
  return { ...reply, headers: { ...profile.replyHeaders(world), ...reply.headers } };
}

// --- internal ---

function routesOf(profile: Profile, world: World): Route[] {
  const routes = profile.routes.filter(({ plan }) => world.planRoutes || !plan);
  return [
    ...routes,
    { method: 'GET', path: '/openapi.json', open: true, answer: () => json(openApi(profile, routes, world)) },
  ];
}
