import { asPipelineError, type PipelineError } from '../errors.ts';
import { missingDestination } from './missing-destination.ts';
import { parentsFirst } from './parents.ts';
import type { PipelineConfig, ResolvedResource } from './pipeline-config.ts';
import type { Secret } from './secret.ts';
import { secretsIn } from './secrets-in.ts';
import { variablesIn } from './variables.ts';

/**
 * What is missing of the secrets that a run would need: those of the selected resources, or of those named, and of their parents. Asks
 * the commands for those that nobody else has, and for those of the pipeline itself. The authentication of the client counts only
 * where a resource does not bring its own. `SecretMissing`, or `SecretCommandFailed`.
 */
export async function missingSecrets(config: PipelineConfig, names?: readonly string[]): Promise<PipelineError[]> {
  const ofRequests = secretsOfRequests(config, names);
  const requested = [...ofRequests, ...secretsOfDestination(config)];
  const refusals = new Set<Secret>();
  const errors = new Map<string, PipelineError>();
  // Nobody fails for want of a hook's address: the hook says so itself.
  for (const { secret } of secretsIn(config.pipeline)) await secret.settle().catch(() => undefined);
  for (const secret of requested) {
    await secret.settle().catch((thrown: unknown) => {
      const error = asPipelineError(thrown);
      errors.set(error.message, error);
      refusals.add(secret);
    });
  }
  for (const secret of requested.filter((one) => one.isMissing && !refusals.has(one))) {
    const isOfRequest = ofRequests.includes(secret);
    const missing = secret.missingError(isOfRequest ? config.source.client?.links?.keys : undefined);
    const isWhole = !isOfRequest && missing.facts.key === 'credentials';
    const error = isWhole ? missingDestination(config.pipeline.destination.type, missing) : missing;
    errors.set(error.message, error);
  }
  return [...errors.values()];
}

// --- internal ---

/** But for a password that nobody asked for. */
function secretsOfDestination({ pipeline }: PipelineConfig): Secret[] {
  return secretsIn(pipeline.destination).flatMap(({ secret, path }) =>
    path.at(-1) === 'missing' || !secret.isOptional ? [secret] : [],
  );
}

function secretsOfRequests(config: PipelineConfig, names: readonly string[] | undefined): Secret[] {
  const { client, resources } = config.source;
  const chosen = resources.filter(({ name, selected }) => (names === undefined ? selected : names.includes(name)));
  const requests = [...new Set(chosen.flatMap((resource) => parentsFirst(resource, resources)))].flatMap(requestsOf);
  if (requests.length === 0) return [];
  const parts = [client?.headers, ...requests.map(({ auth = client?.auth, ...own }) => ({ auth, ...own }))];
  const variables = [...variablesIn([client?.base_url, parts])].map((name) => client?.variables?.[name]);
  return secretsIn([...parts, variables]).map(({ secret }) => secret);
}

function requestsOf({ endpoint }: ResolvedResource) {
  if (endpoint === undefined) return [];
  const { fallbacks = [], ...own } = endpoint;
  return [own, ...fallbacks.map((fallback) => ({ ...own, ...fallback }))];
}
