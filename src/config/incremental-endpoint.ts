import type { EndpointConfig } from './grammar/resource-schema.ts';
import { isIncrementalParam } from './values-param.ts';

type Params = NonNullable<EndpointConfig['params']>;
type Incremental = EndpointConfig['incremental'];

/** The parameters that an endpoint is asked with are placeholders, wherever `incremental` was written. */
export function withIncremental<Endpoint extends EndpointConfig>(endpoint: Endpoint): Endpoint {
  const incremental = incrementalOf(endpoint);
  if (incremental === undefined) return endpoint;
  const filled = <Part extends { readonly params?: Params | undefined }>(part: Part): Part => ({
    ...part,
    params: { ...placeholdersOf(part.params), ...sentParams(incremental) },
  });
  const { fallbacks } = endpoint;
  const withFallbacks =
    fallbacks === undefined
      ? {}
      : { fallbacks: fallbacks.map((fallback) => (fallback.params === undefined ? fallback : filled(fallback))) };
  return { ...filled(endpoint), incremental, ...withFallbacks };
}

/** What `incremental` of an endpoint says, wherever it was written; undefined for one that is not incremental. */
export function incrementalOf({ incremental, params }: EndpointConfig): Incremental {
  return incremental ?? ofParam(params);
}

// --- internal ---

function ofParam(params: Params = {}): Incremental {
  for (const param of Object.values(params)) {
    if (!isIncrementalParam(param)) continue;
    const { type: _, end_param: __, ...settings } = param;
    return settings;
  }
  return undefined;
}

function placeholdersOf(params: Params = {}): Params {
  return Object.fromEntries(
    Object.entries(params).map(([name, param]) => [
      name,
      isIncrementalParam(param) ? '{incremental.start_value}' : param,
    ]),
  );
}

function sentParams({ start_param, end_param }: NonNullable<Incremental>): Params {
  return {
    ...(start_param === undefined ? {} : { [start_param]: '{incremental.start_value}' }),
    ...(end_param === undefined ? {} : { [end_param]: '{incremental.end_value}' }),
  };
}
