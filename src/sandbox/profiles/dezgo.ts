import { refusal } from '../authorize.ts';
import { sandboxKey, sandboxUserId } from '../ids.ts';
import { problem } from '../reply.ts';
import { dezgoRoutes } from '../routes.ts';
import type { Profile } from './profile.ts';

const titles: Readonly<Record<number, string>> = { 404: 'Not Found', 405: 'Method Not Allowed' };

/** https://api.dezgo.com, with the routes that only the order names. */
export const dezgo: Profile = {
  title: 'Dezgo API',
  key: sandboxKey,
  base: '',
  headers: ['X-Dezgo-Key'],
  routes: dezgoRoutes,
  refusal,
  replyHeaders: () => ({ 'x-dezgo-auth-userid': sandboxUserId }),
  failure: (status, detail, headers) => problem(status, titles[status] ?? 'Error', detail, headers),
};
