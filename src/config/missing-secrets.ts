import type { PipelineError } from '../errors.ts';
import { parentsFirst } from './parents.ts';
import type { PipelineConfig, ResolvedResource } from './pipeline-config.ts';
import { secretsIn } from './secrets-in.ts';
import { variablesIn } from './variables.ts';

/**
 * A `SecretMissing` for every secret that a run would need and not find: of the selected resources, or of those named, and of
 * their parents.
 * The authentication of the client counts only where a resource does not bring its own.
 */
export function missingSecrets(config: PipelineConfig, names?: readonly string[]): PipelineError[] {
  const { client, resources } = config.source;
  const chosen = resources.filter(({ name, selected }) => (names === undefined ? selected : names.includes(name)));
  const requests = [...new Set(chosen.flatMap((resource) => parentsFirst(resource, resources)))].flatMap(requestsOf);
  if (requests.length === 0) return [];
  const parts = [client?.headers, ...requests.map(({ auth = client?.auth, ...own }) => ({ auth, ...own }))];
  const variables = [...variablesIn([client?.base_url, parts])].map((name) => client?.variables?.[name]);
  const used = [...parts, variables];
  const missing = secretsIn(used).flatMap(({ secret }) => (secret.isMissing ? [secret] : []));
  const errors = new Map(
    missing.map((secret) => secret.missingError(client?.links?.keys)).map((error) => [error.message, error]),
  );
  return [...errors.values()];
}

function requestsOf({ endpoint }: ResolvedResource) {
  if (endpoint === undefined) return [];
  const { fallbacks = [], ...own } = endpoint;
  return [own, ...fallbacks.map((fallback) => ({ ...own, ...fallback }))];
}
