export type Environment = Readonly<Record<string, string | undefined>>;

/** A key as it stands in the name of a variable: upper case, and `_` for what a variable cannot hold. */
export function environmentName(key: string): string {
  return key.toUpperCase().replace(/[^A-Z0-9]/g, '_');
}
