/** What a connection string says, with nothing settled. */
export interface ConnectionString {
  readonly username: string | undefined;
  readonly password: string | undefined;
  /** Without the brackets of IPv6. */
  readonly host: string | undefined;
  readonly port: string | undefined;
  readonly database: string | undefined;
  /** What follows `?`. */
  readonly parameters: ReadonlyMap<string, string>;
}

export const AT_SIGN = 'a user name or password with `@` is written `%40` in a connection string';

/**
 * `scheme[+driver]://user:password@host:port/database?key=value`, read as dlt (SQLAlchemy) reads it: a password may hold anything
 * but `@`, and `%40` stands for that; the folder of a Unix socket is a host with `%2F`, or `?host=/folder`.
 *
 * @returns a text where it is none: what is wrong, without a part of it
 */
export function parseConnectionString(text: string, schemes: readonly string[]): ConnectionString | string {
  const [, scheme = '', rest = ''] = /^([a-z][a-z0-9]*)(?:\+[a-z0-9_]+)?:\/\/(.*)$/is.exec(text.trim()) ?? [];
  if (scheme === '') return `expected a connection string: \`${schemes[0]}://user:password@host:port/database\``;
  if (!schemes.includes(scheme.toLowerCase()))
    return `expected a connection string that begins with ${schemes.map((one) => `\`${one}://\``).join(' or ')}`;
  const at = /^([^:/@]*)(?::([^@]*))?@(.*)$/s.exec(rest);
  const [, user, password, place = rest] = at ?? [];
  if (place.includes('@') && !/^[^@]*\?/s.test(place)) return AT_SIGN;
  const match = /^(?:\[([^\]/?]+)\]|([^:/?]*))(?::([^/?]*))?(?:\/([^?]*))?(?:\?(.*))?$/s.exec(place);
  if (match === null) return 'expected `host:port/database` behind the user; an IPv6 address stands in brackets';
  const [, ipv6, host, port, database, query = ''] = match;
  const parameters = new Map([...new URLSearchParams(query)]);
  return {
    username: given(user) ?? parameters.get('user'),
    password: given(password) ?? parameters.get('password'),
    host: given(ipv6) ?? given(host) ?? parameters.get('host'),
    port: given(port) ?? parameters.get('port'),
    database: given(database) ?? parameters.get('dbname'),
    parameters,
  };
}

/** Whether a text can be one with a password in it, whatever else is wrong with it. */
export function holdsPassword(text: string): boolean {
  return /^[^@]*:\/\/[^@]*:[^@]*@|[?&](?:password|token|private_key(?:_passphrase)?)=/is.test(text);
}

// --- internal ---

function given(text: string | undefined): string | undefined {
  return text === undefined || text === '' ? undefined : decoded(text);
}

/** What is no escape stays as it is: a password of `100%` is one. */
function decoded(text: string): string {
  return text.replace(/(?:%[0-9a-f]{2})+/gi, (escapes) => {
    try {
      return decodeURIComponent(escapes);
    } catch {
      return escapes;
    }
  });
}
