export type Environment = Readonly<Record<string, string | undefined>>;

/** A key as it stands in the name of a variable: upper case, and `_` for what a variable cannot hold. */
export function environmentName(key: string): string {
  return key.toUpperCase().replace(/[^A-Z0-9]/g, '_');
}

/** dlt's name of a key of a source in the environment. */
export function variableOf(source: string, key: string): string {
  return `SOURCES__${environmentName(source)}__${environmentName(key)}`;
}
