import path from 'node:path';
import { readDltFiles } from './dlt-files.ts';
import { EnvFile } from './env-file.ts';
import type { Environment } from './environment-name.ts';
import type { SecretKeys } from './idle-secrets.ts';
import type { SecretsFile } from './secret-place.ts';
import { readSecretsYaml } from './secrets-yaml.ts';

/** Variables by name, and where one stands, where that is not the environment. */
interface Variables {
  readonly env: Environment;
  readonly placeOf: (variable: string) => string | undefined;
}

/** The files beside a configuration that can say more than it does. */
export interface BesideFiles {
  readonly envFile: EnvFile | undefined;
  /** With secrets, in the order in which they are looked in after `.env`. */
  readonly secrets: readonly SecretsFile[];
  /** What is in `secrets.yaml`. */
  readonly secretKeys: SecretKeys;
  /** The environment with `.env` under it. */
  readonly variables: Variables;
  /** Of dlt's own files, and what `secrets.yaml` says of the destination: they count where the configuration says nothing. */
  readonly defaults: Variables;
}

interface Beside {
  readonly folder: string;
  readonly env: Environment;
  /** Absolute; has to be there. Default: `secrets.yaml`, which has not. */
  readonly secretsFile: string | undefined;
}

const nothing: Variables = { env: {}, placeOf: () => undefined };

/** Where no file is looked at. */
export const nothingBeside: BesideFiles = {
  envFile: undefined,
  secrets: [],
  secretKeys: { file: '', keys: [] },
  variables: nothing,
  defaults: nothing,
};

/** Reads `.env`, `secrets.yaml` and `.dlt/` of a folder, those that are there. */
export async function readBesideFiles({ folder, env, secretsFile }: Beside): Promise<BesideFiles> {
  const envFile = await EnvFile.read(path.join(folder, '.env'));
  const yaml = await readSecretsYaml(secretsFile ?? path.join(folder, 'secrets.yaml'), secretsFile !== undefined);
  const dlt = await readDltFiles(folder);
  const defaults = new Map([...dlt.variables, ...yaml.variables]);
  return {
    envFile,
    secrets: [yaml, ...dlt.secrets],
    secretKeys: yaml,
    variables: {
      env: envFile?.under(env) ?? env,
      placeOf: (variable) => (envFile?.gives(variable, env) === true ? `${variable} in ${envFile.file}` : undefined),
    },
    defaults: {
      env: Object.fromEntries([...defaults].map(([name, { text }]) => [name, text])),
      placeOf: (variable) => defaults.get(variable)?.place,
    },
  };
}
