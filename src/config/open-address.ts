import { holdsPassword } from './connection-string.ts';
import { inConfiguration } from './plain-secret.ts';
import type { FoundSecret } from './secrets-in.ts';

/**
 * Whether a secret is an address of `pipeline`, written in the configuration, that holds nothing like a key: nobody has to hide
 * `http://127.0.0.1:9000/hook`, and hiding it in rows would maul them.
 */
export function isOpenAddress({ secret, path }: FoundSecret): boolean {
  if (path[0] !== 'pipeline' || secret.isMissing) return false;
  const address = secret.reveal();
  if (path.at(-1) === 'connection_string') return !holdsPassword(address);
  if (secret.origin !== inConfiguration) return false;
  return (
    /^https?:\/\//i.test(address) &&
    !address.includes('@') &&
    !/[\w-]{20}/.test(address.replace(/^\w+:\/\/[^/?#]*/, ''))
  );
}
