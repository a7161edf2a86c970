import { below } from './checks/finding.ts';
import { idleHints } from './checks/idle-hints.ts';
import { idleSkip } from './checks/idle-skip.ts';
import { repeatedSegments } from './checks/repeated-segment.ts';
import { type Located, nodeAt, originAt, type Path } from './file/located-tree.ts';
import type { ClientConfig } from './grammar/client-schema.ts';
import { keyOddity } from './key-oddity.ts';
import { isOpenAddress } from './open-address.ts';
import type { ConfigWarning, ResolvedResource } from './pipeline-config.ts';
import { inConfiguration } from './plain-secret.ts';
import { pathText, placeText } from './problems/problem.ts';
import type { FoundSecret } from './secrets-in.ts';

interface Warned {
  readonly client?: ClientConfig | undefined;
  readonly resources: readonly ResolvedResource[];
  readonly secrets: readonly FoundSecret[];
}

interface Places {
  readonly tree: Located;
  /** As the caller wrote it: what warnings show. */
  readonly shownFile?: string;
}

/** What a configuration can mean, and most likely does not; each once. */
export function warningsFor(config: Warned, places: Places): ConfigWarning[] {
  const { client, resources, secrets } = config;
  const found = [
    ...secrets.flatMap((secret) => aboutSecret(secret, config, places)),
    ...resources.flatMap((resource, index) =>
      below(
        ['source', 'resources', index],
        [...idleHints(resource), ...idleSkip(resource), ...repeatedSegments(resource, client)],
      ).map(({ path, message }) => warning(path, `: ${message}`, places)),
    ),
  ];
  return [...new Map(found.map((one) => [`${one.at}${one.message}`, one])).values()];
}

// --- internal ---

function aboutSecret({ secret, path: at }: FoundSecret, config: Warned, places: Places): ConfigWarning[] {
  if (secret.isMissing || secret.reveal() === '') return [];
  // A connection string can stand for the mapping that holds it.
  const path = at.at(-1) === 'connection_string' && nodeAt(places.tree, at) === undefined ? at.slice(0, -1) : at;
  // Addresses of pings are written into crontabs: who knows one can send a ping, and no more.
  const isKnown = path[1] === 'ping' || isOpenAddress({ secret, path: at });
  const isPlain = secret.origin === inConfiguration && originAt(places.tree, path).variable === undefined && !isKnown;
  const key = path.at(-1) === 'connection_string' ? path.at(-2) : path.at(-1);
  const advice = `write \`{ secret: ${String(key)} }\` and put the value in secrets.yaml or the environment`;
  // No header carries it: any character is right.
  const odd = path[1] === 'destination' ? undefined : keyOddity(...sentAs({ secret, path }, config));
  return [
    ...(isPlain ? [warning(path, ` holds a secret as plain text: ${advice}`, places)] : []),
    ...(odd === undefined ? [] : [warning(path, `: the value from ${secret.origin} ${odd}`, places)]),
  ];
}

/** The text that is sent for a secret, and the name of the header or parameter that it is sent in. */
function sentAs({ secret, path }: FoundSecret, { client, resources }: Warned): [string, string] {
  const value = secret.reveal();
  const auth = [client?.auth, ...resources.map(({ endpoint }) => endpoint?.auth)].find(
    (candidate) => candidate !== undefined && candidate !== 'none' && Object.values(candidate).includes(secret),
  );
  if (auth === undefined || auth === 'none') return [value, String(path.at(-1))];
  if (auth.type === 'bearer') return [`Bearer ${value}`, 'Authorization'];
  return auth.type === 'api_key' ? [`${auth.prefix ?? ''}${value}`, auth.name] : [value, auth.type];
}

function warning(path: Path, text: string, { tree, shownFile }: Places): ConfigWarning {
  const origin = originAt(tree, path);
  const at = placeText(origin, shownFile);
  return { message: `\`${pathText(origin.path, tree)}\`${text}`, ...(at !== '' && { at }) };
}
