import { type Sandbox, type SandboxOptions, startSandbox } from '../../src/sandbox/stand-in-api.ts';
import { whenDone } from './shared.ts';

/** A stand-in API that closes itself when the test that asked for it ends. */
export async function useSandbox(options?: SandboxOptions): Promise<Sandbox> {
  const sandbox = await startSandbox(options);
  whenDone(() => sandbox.close());
  return sandbox;
}

/** A request with the key where it belongs. */
export function request(sandbox: Sandbox, path: string, init: RequestInit = {}): Promise<Response> {
  const headers = new Headers(init.headers);
  headers.set('x-dezgo-key', sandbox.key);
  return fetch(`${sandbox.url}${path}`, { ...init, headers });
}

/** An order in JSON, with the key where it belongs. */
export function order(sandbox: Sandbox, path: string, body: object): Promise<Response> {
  const headers = { 'content-type': 'application/json' };
  return request(sandbox, path, { method: 'POST', headers, body: JSON.stringify(body) });
}

/** The body of a reply, parsed; of no known type, as in any test that looks at foreign JSON. */
export const bodyOf = async (reply: Response) => JSON.parse(await reply.text());
