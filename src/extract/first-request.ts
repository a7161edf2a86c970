import type { ClientConfig } from '../config/grammar/client-schema.ts';
import { PipelineError } from '../errors.ts';
import type { Endpoint } from './endpoint.ts';
import { requestUrl } from './http/request.ts';
import { requestName } from './http/request-name.ts';
import type { SecretMask } from './http/secret-mask.ts';
import type { Values } from './http/url.ts';
import { Paging } from './paginators/paging.ts';

interface FirstRequest {
  readonly endpoint: Endpoint;
  readonly client: ClientConfig | undefined;
  /** What placeholders stand for. */
  readonly values: Values;
  readonly mask: SecretMask;
}

/**
 * The URL of the first page, with the parameters that are sent and without credentials: `https://api.dezgo.com/models?page=1`. Asks for
 * nothing, no token either. Undefined where it cannot be known: a secret in it is missing.
 */
export async function firstRequestUrl({ endpoint, client, values, mask }: FirstRequest): Promise<string | undefined> {
  const silent = { note() {}, warn() {} };
  try {
    const { start } = await Paging.open({ endpoint, client, mask, from: null, ...silent });
    return requestName(endpoint.method, requestUrl({ endpoint, client, values }, start), mask).url;
  } catch (error) {
    if (error instanceof PipelineError && error.code === 'SecretMissing') return undefined;
    throw error;
  }
}
