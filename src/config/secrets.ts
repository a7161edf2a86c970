import type { EnvFile } from './env-file.ts';
import { type Environment, environmentName } from './environment-name.ts';
import type { Path } from './file/located-tree.ts';
import { Secret } from './secret.ts';
import type { SecretCommands } from './secret-commands.ts';
import { holdsSecret, type SecretPlace, type SecretsFile, shownPlace, type WantedSecret } from './secret-place.ts';
import type { FindSecret } from './secret-reference.ts';
import { withoutLineEnd } from './without-line-end.ts';

export interface SecretSource {
  readonly lookUp: FindSecret;
  /** Every variable that a secret was looked for in. */
  readonly variables: ReadonlySet<string>;
  /** One for each secret: the one that `env:` names, else that with the name of dlt. */
  readonly preferred: ReadonlySet<string>;
  /** Every file that a secret came from. */
  readonly files: ReadonlySet<string>;
}

interface Sources {
  readonly pipeline: string;
  /** Which section of dlt's a reference at this place is looked up in, best first; and whether nobody wrote it. */
  readonly wantedAt: (at: Path) => { readonly sections: readonly (readonly string[])[]; readonly isOptional: boolean };
  readonly env: Environment;
  readonly envFile: EnvFile | undefined;
  /** In this order, after the environment and its file. */
  readonly files: readonly SecretsFile[];
  readonly commands: SecretCommands;
}

/**
 * Finds secrets in the environment (dlt's name for it, then the variable that `env:` names), in `.env`, in files, and at last in
 * what a command prints, which is started only when the secret is needed. A placeholder such as `<set me up!>` counts as not set.
 * What is not found is missing only when it is revealed.
 */
export function secretSource({ pipeline, wantedAt, env, envFile, files, commands }: Sources): SecretSource {
  const variables = new Set<string>();
  const preferred = new Set<string>();
  const used = new Set<string>();
  return {
    variables,
    preferred,
    files: used,
    lookUp({ key, variable, command }, at) {
      const { sections, isOptional } = wantedAt(at);
      const [section = []] = sections;
      const own = sections.map((one) => [...one, key].map(environmentName).join('__'));
      const names = [...own, ...(variable === undefined ? [] : [variable])];
      for (const name of names) variables.add(name);
      const wanted: WantedSecret = { pipeline, section, key, variables: names };
      const places: (SecretPlace & { readonly file?: string })[] = [
        ...names.map((name) => ({ name: `environment ${name}`, value: env[name] })),
        ...[...(envFile === undefined ? [] : [envFile]), ...files].flatMap((held) =>
          held.places(wanted).map((place) => ({ ...place, file: held.file })),
        ),
      ];
      const found = places.find(holdsSecret);
      const [first = key] = own;
      if (found !== undefined || !isOptional) preferred.add(variable ?? first);
      if (found?.value !== undefined) {
        if (found.file !== undefined) used.add(found.file);
        return Secret.found(key, withoutLineEnd(found.value), found.name);
      }
      const shown = places.map(shownPlace);
      const asked = commands.asked(wanted, command);
      return asked === undefined
        ? Secret.missing(key, shown, isOptional)
        : Secret.awaited(key, shown, asked, isOptional);
    },
  };
}
