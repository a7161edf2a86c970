import { parseEnv } from 'node:util';
import type { Environment } from './environment-name.ts';
import { readSecretsText } from './read-secrets-text.ts';
import type { SecretsFile } from './secret-place.ts';

/** The variables of a file `.env`. They can hold secrets, so that nothing prints them. */
export class EnvFile implements SecretsFile {
  readonly file: string;
  readonly #variables: ReadonlyMap<string, string>;

  private constructor(file: string, variables: ReadonlyMap<string, string>) {
    this.file = file;
    this.#variables = variables;
  }

  /** Undefined where there is none. */
  static async read(file: string): Promise<EnvFile | undefined> {
    const text = await readSecretsText(file);
    return text === undefined ? undefined : new EnvFile(file, variablesIn(text));
  }

  /** The environment, with these variables where it has none of the name, or an empty one. */
  under(env: Environment): Environment {
    const own = [...this.#variables].filter(([name, value]) => value !== '' && !env[name]);
    return own.length === 0 ? env : { ...env, ...Object.fromEntries(own) };
  }

  places({ variables }: { readonly variables: readonly string[] }) {
    return variables.flatMap((name) => {
      const value = this.#variables.get(name);
      return value === undefined ? [] : [{ name: `${name} in ${this.file}`, value }];
    });
  }

  /** Whether the environment leaves this variable to the file. */
  gives(name: string, env: Environment): boolean {
    return !env[name] && (this.#variables.get(name) ?? '') !== '';
  }
}

/** `NAME=value` lines, as Node reads them from a file. */
export function variablesIn(text: string): Map<string, string> {
  const entries = Object.entries(parseEnv(text.replace(/^\uFEFF/, ''))).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  );
  return new Map(entries);
}
