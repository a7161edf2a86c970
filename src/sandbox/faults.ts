import { unauthorized } from './authorize.ts';
import { endlessPage, repeatedPage, stuckPage } from './paged.ts';
import { bare, type Call, html, json, png, problem, type Reply, type World } from './reply.ts';
import { firstHalf, hangUp, type Send, sendHalf, sendHaltingly, sendLate, sendPadded } from './send.ts';

/** One thing that can go wrong. It answers `instead` of the route, alters its reply, or sends it badly. */
export interface FaultKind {
  readonly summary: string;
  /** The path that it touches; every path when absent. */
  readonly path?: string;
  /** How many requests it touches; all when absent. */
  readonly times?: number;
  readonly instead?: (call: Call, world: World) => Reply;
  readonly alter?: (reply: Reply, world: World) => Reply;
  readonly send?: Send;
}

const ledger = '/account/tx/last';
const paged = '/paged';

const throttled = (headers: Reply['headers'] = {}) =>
  problem(429, 'Too Many Requests', 'The stand-in was asked to throttle.', headers);

const throttledForOneSecond = () => throttled({ 'retry-after': '1' });

const badGateway = () => html(502, '502 Bad Gateway');

/** Every fault by name, in the order of a list for people. */
const table = {
  unauthorized: {
    summary: '401 with a JSON problem',
    instead: () => unauthorized('The stand-in was asked to refuse.'),
  },
  'unauthorized-empty': { summary: '401 without a body', instead: () => bare(401) },
  'payment-required': {
    summary: '402: the balance is too low',
    instead: () => problem(402, 'Payment Required', 'The balance is too low.'),
  },
  forbidden: { summary: '403: not allowed', instead: () => problem(403, 'Forbidden', 'This key may not do that.') },
  throttle: { summary: '429 with Retry-After in seconds, always', instead: throttledForOneSecond },
  'throttle-once': {
    summary: '429 with Retry-After in seconds, for the first request only',
    times: 1,
    instead: throttledForOneSecond,
  },
  'throttle-date': {
    summary: '429 with Retry-After as an HTTP date, for the first request only',
    times: 1,
    instead: (_, { now }) => throttled({ 'retry-after': new Date(now() + 2000).toUTCString() }),
  },
  'throttle-silent': {
    summary: '429 without Retry-After, for the first request only',
    times: 1,
    instead: () => throttled(),
  },
  'throttle-long': { summary: '429 with Retry-After of a day', instead: () => throttled({ 'retry-after': '86400' }) },
  'unavailable-once': {
    summary: '503 with Retry-After in seconds, for the first request only',
    times: 1,
    instead: () => problem(503, 'Service Unavailable', 'The stand-in was asked to rest.', { 'retry-after': '1' }),
  },
  'html-502': { summary: '502 with an HTML page, always', instead: badGateway },
  'flaky-502': { summary: '502 with an HTML page, for the first two requests', times: 2, instead: badGateway },
  'html-instead-of-json': { summary: '200 with an HTML page', instead: () => html(200, 'Welcome') },
  'image-instead-of-json': { summary: '200 with a PNG', instead: () => png() },
  'truncated-json': {
    summary: 'the first half of the body, as if it were all',
    alter: (reply) => ({ ...reply, body: Buffer.from(firstHalf(reply.body)) }),
  },
  'empty-body': {
    summary: '200 and JSON by its header, but no body',
    alter: (reply) => ({ ...reply, body: Buffer.alloc(0) }),
  },
  'empty-204': { summary: 'an account without transactions: 204', path: ledger, instead: () => bare(204) },
  'empty-null': { summary: 'an account without transactions: null', path: ledger, instead: () => json(null) },
  'empty-object': { summary: 'an account without transactions: {}', path: ledger, instead: () => json({}) },
  'empty-404': {
    summary: 'an account without transactions: 404',
    path: ledger,
    instead: () => problem(404, 'Not Found', 'This account has no transactions.'),
  },
  slow: { summary: 'answers after two seconds', send: sendLate },
  'slow-body': { summary: 'headers and half of the body at once, the rest after two seconds', send: sendHaltingly },
  'cut-connection': { summary: 'hangs up in the middle of the body', send: sendHalf },
  'drop-connection': { summary: 'hangs up without a reply', send: hangUp },
  'huge-reply': { summary: 'pads the reply with 64 MiB of blanks', send: sendPadded },
  redirect: {
    summary: 'redirects to the same path of another host, which answers',
    instead: (call, { origin }) => redirectTo(origin.replace('127.0.0.1', 'localhost'), call),
  },
  'redirect-loop': {
    summary: 'redirects every request to itself',
    instead: (call, { origin }) => redirectTo(origin, call),
  },
  'endless-cursor': { summary: '/paged never comes to an end', path: paged, instead: endlessPage },
  'repeating-page': {
    summary: '/paged gives its first page under ever new cursors',
    path: paged,
    instead: repeatedPage,
  },
  'stuck-cursor': { summary: '/paged gives a page that names itself as the next', path: paged, instead: stuckPage },
  'echo-key': { summary: 'every record repeats the key of the caller', alter: withEchoedKey },
  'echo-key-400': {
    summary: '400 whose text repeats the key of the caller',
    instead: (_, { key }) => problem(400, 'Validation failed', `Not for the key ${key}.`),
  },
} as const satisfies Record<string, FaultKind>;

export type FaultName = keyof typeof table;

/** What each fault does, by its name. */
export const faults: Readonly<Record<FaultName, FaultKind>> = table;

const redirectTo = (origin: string, { path, search }: Call) => bare(307, { location: `${origin}${path}${search}` });

function withEchoedKey(reply: Reply, { key }: World): Reply {
  if (!reply.headers['content-type']?.startsWith('application/json')) return reply;
  const echo = (_: string, value: unknown) => (isRecord(value) ? { ...value, echoedKey: key } : value);
  return { ...reply, body: Buffer.from(JSON.stringify(JSON.parse(reply.body.toString('utf8')), echo)) };
}

const isRecord = (value: unknown) => typeof value === 'object' && value !== null && ('id' in value || '_id' in value);
