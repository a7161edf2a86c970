import { filesIn } from '../config/file-reference.ts';
import type { ClientConfig } from '../config/grammar/client-schema.ts';
import type { ResolvedResource } from '../config/pipeline-config.ts';
import { variableValues } from '../config/variables.ts';
import { asPipelineError, type PipelineError } from '../errors.ts';
import { placeholders } from '../text/placeholders.ts';
import { candidates, type Endpoint } from './endpoint.ts';
import { filledPath, requireSendable } from './http/sent-file.ts';
import type { Values } from './http/url.ts';

/** A ConfigInvalid for each file that requests of these resources would send, and that cannot be sent. Not of those whose path nobody knows yet. */
export async function unsendableFiles(
  resources: readonly ResolvedResource[],
  client: ClientConfig | undefined,
): Promise<PipelineError[]> {
  const errors = new Map<string, PipelineError>();
  for (const { name, endpoint } of resources) {
    if (endpoint === undefined) continue;
    for (const { path, values } of filesOf(candidates(endpoint), client)) {
      if (placeholders(path).some((placeholder) => !Object.hasOwn(values, placeholder))) continue;
      await requireSendable(filledPath(path, values, name), name).catch((thrown: unknown) => {
        const error = asPipelineError(thrown);
        errors.set(error.message, error);
      });
    }
  }
  return [...errors.values()];
}

/** Before the first request of a resource is sent: a ConfigInvalid for the first file that any of them cannot send. */
export async function requireFiles(
  resource: string,
  endpoints: readonly Endpoint[],
  client: ClientConfig | undefined,
  seeds: readonly { readonly values: Values }[],
): Promise<void> {
  const files = filesOf(endpoints, client);
  if (files.length === 0) return;
  const paths = seeds.flatMap((seed) =>
    files.map(({ path, values }) => filledPath(path, { ...values, ...seed.values }, resource)),
  );
  for (const path of new Set(paths)) await requireSendable(path, resource);
}

// --- internal ---

interface WrittenFile {
  readonly path: string;
  /** Of variables. */
  readonly values: Values;
}

function filesOf(endpoints: readonly Endpoint[], client: ClientConfig | undefined): WrittenFile[] {
  return endpoints
    .flatMap(({ json, data }) => filesIn([json, data]))
    .map(({ reference }) => ({ path: reference.file, values: variableValues(client, reference.file) }));
}
