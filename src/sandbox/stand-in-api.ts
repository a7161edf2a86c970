import { once } from 'node:events';
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { PipelineError } from '../errors.ts';
import { answer } from './answer.ts';
import { Credits } from './credits.ts';
import { type Fault, FaultList } from './fault-list.ts';
import { sandboxModels } from './models.ts';
import type { Profile } from './profiles/profile.ts';
import { firstCredits, type ProfileName, profiles } from './profiles/profiles.ts';
import { type Call, problem, type Reply, type World } from './reply.ts';
import { openBooks } from './seeds.ts';
import { sendWhole } from './send.ts';

export interface SandboxOptions {
  /** 0 takes any free port. @default 0 */
  readonly port?: number;
  /** Whether the routes that only the order names exist: /models, /jobs/{id}, /images/{id}, /images/generate. @default true */
  readonly planRoutes?: boolean;
  readonly fault?: Fault | readonly Fault[];
  /** The service that it plays. @default dezgo */
  readonly profile?: ProfileName;
  /** What `rapidapi` (credits) and `segmind` (USD) begin with. @default 20,000 and 5 */
  readonly credits?: number;
  /** Milliseconds until those are given anew. @default 30 days */
  readonly creditsResetAfter?: number;
  /** @default the key of the profile */
  readonly key?: string;
  /** The rows of /info and /models. @default sandboxModels */
  readonly models?: readonly object[];
  /** Milliseconds before every answer. @default 0 */
  readonly latency?: number;
  /** @default Date.now */
  readonly now?: () => number;
}

/** A request as it arrived, headers in lower case. It is recorded before it is answered. */
interface RecordedRequest {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  /** With its question mark; empty when there is none. */
  readonly search: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Sandbox {
  /** Such as `http://127.0.0.1:40123`, without a slash at the end. */
  readonly url: string;
  /** `url` with what the paths of a configuration follow, without a slash at the end. */
  readonly baseUrl: string;
  readonly key: string;
  readonly requests: readonly RecordedRequest[];
  /** Replaces all faults, their counts included; null ends them. */
  setFault(fault: Fault | readonly Fault[] | null): void;
  setModels(models: readonly object[]): void;
  /** Ends every connection at once. A second call does no harm. */
  close(): Promise<void>;
}

/**
 * A stand-in for the Dezgo API, or for its neighbours, on the loopback interface: for the demo, the examples and tests. Its
 * models, ids and job objects are invented, and prices where none is published; every reply says so in the header `x-sandbox`.
 *
 * @throws PipelineError `UsageInvalid` when the port is taken or a fault is unknown.
 * @example
 * const sandbox = await startSandbox({ fault: 'throttle-once' });
 * await fetch(`${sandbox.url}/models`, { headers: { 'x-dezgo-key': sandbox.key } });
 * await sandbox.close();
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const { profile: name = 'dezgo', planRoutes = true, latency = 0, now = Date.now } = options;
  const profile: Profile = profiles[name];
  const { key = profile.key } = options;
  let models = options.models ?? sandboxModels;
  let faults = new FaultList(options.fault ?? null);
  const limit = options.credits ?? firstCredits[name];
  const books = { ...openBooks(now()), credits: new Credits({ limit, resetAfter: options.creditsResetAfter }, now) };
  const requests: RecordedRequest[] = [];
  const closing = new AbortController();
  const { signal } = closing;
  const server = createServer((request, response) => {
    serve(request, response).catch((error: unknown) => {
      if (response.headersSent || signal.aborted) response.destroy();
      else sendWhole(problem(500, 'Defect of the stand-in', String(error)), response, { ms: 0, signal });
    });
  });
  const url = await listen(server, options.port ?? 0);

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const call = await receive(request);
    requests.push(record(call));
    if (latency > 0) await sleep(latency, undefined, { signal });
    const world: World = { ...books, origin: url, key, models, planRoutes, now };
    const redirected = call.headers.host?.startsWith('localhost') ?? false;
    const active = redirected ? new FaultList(null) : faults;
    const reply = await replyTo(call, world, { profile, faults: active });
    const send = active.take('send', call);
    await (send?.act ?? sendWhole)(reply, response, { ms: send?.ms ?? 0, signal });
  }

  return {
    url,
    baseUrl: `${url}${profile.base}`,
    key,
    requests,
    setFault(fault) {
      faults = new FaultList(fault);
    },
    setModels(rows) {
      models = rows;
    },
    async close() {
      closing.abort();
      if (!server.listening) return;
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

interface Played {
  readonly profile: Profile;
  readonly faults: FaultList;
}

async function replyTo(call: Call, world: World, { profile, faults }: Played): Promise<Reply> {
  const instead = faults.take('instead', call);
  if (instead !== undefined) return instead.act(call, world);
  const reply = await answer(call, world, profile);
  return faults.take('alter', call)?.act(reply, world) ?? reply;
}

async function listen(server: Server, port: number): Promise<string> {
  server.listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch (cause) {
    throw new PipelineError({
      code: 'UsageInvalid',
      message: `The sandbox cannot listen on port ${port} of 127.0.0.1.`,
      hint: 'Give another port, or --port 0 for any free one.',
      facts: { port },
      cause,
    });
  }
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : port}`;
}

async function receive(request: IncomingMessage): Promise<Call> {
  const { pathname, search } = new URL(`http://127.0.0.1${request.url ?? '/'}`);
  return {
    method: request.method ?? 'GET',
    path: pathname,
    search,
    headers: request.headers,
    body: await buffer(request),
  };
}

function record({ body, ...rest }: Call): RecordedRequest {
  return { ...rest, body: body.toString('utf8') };
}
