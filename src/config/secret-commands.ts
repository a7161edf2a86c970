import { PipelineError } from '../errors.ts';
import { printable } from '../text/printable.ts';
import { quotedCommand } from '../text/quoted-command.ts';
import { variablesIn } from './env-file.ts';
import type { Environment } from './environment-name.ts';
import type { Located } from './file/located-tree.ts';
import { readYaml } from './file/yaml-file.ts';
import type { AwaitedSecret } from './secret.ts';
import { holdsSecret, type SecretPlace, shownPlace, type WantedSecret } from './secret-place.ts';
import { textAt } from './secrets-yaml.ts';
import { withoutLineEnd } from './without-line-end.ts';

interface CommandSettings {
  /** For every secret that has none of its own. */
  readonly command: readonly string[] | undefined;
  /** Milliseconds. */
  readonly timeout: number;
  readonly cwd: string;
  readonly env: Environment;
}

/** The programs that print secrets. Each is started when the first secret is asked for, and once. */
export interface SecretCommands {
  /** How a secret is asked for; undefined where no command would know it. `own` prints it alone. */
  asked(wanted: WantedSecret, own: readonly string[] | undefined): AwaitedSecret | undefined;
}

/** Nobody is asked. */
export const noCommands: SecretCommands = { asked: () => undefined };

export function secretCommands({ command: shared, ...place }: CommandSettings): SecretCommands {
  const outputs = new Map<string, Promise<string>>();
  function outputOf(command: readonly string[]): Promise<string> {
    const key = JSON.stringify(command);
    const output = outputs.get(key) ?? printed(command, place);
    outputs.set(key, output);
    return output;
  }
  return {
    asked(wanted, own) {
      const command = own ?? shared;
      if (command === undefined) return undefined;
      const origin = `the output of \`${printable(quotedCommand(command), 300)}\``;
      return {
        origin,
        async ask() {
          const output = await outputOf(command);
          const places = own === undefined ? placesIn(output, wanted, origin) : [{ name: origin, value: output }];
          const found = places.find(holdsSecret);
          return found?.value === undefined
            ? { places: [...new Set(places.map(shownPlace))] }
            : { value: withoutLineEnd(found.value) };
        },
      };
    },
  };
}

// --- internal ---

/** Loaded where a command is asked: the start of a process costs every other run the time to load it. */
async function printed(command: readonly string[], place: Omit<CommandSettings, 'command'>): Promise<string> {
  const { commandOutput } = await import('./command-output.ts');
  return commandOutput(command, place);
}

/** A mapping in JSON or YAML, as secrets.yaml or by the key alone; or lines `KEY=value`. */
function placesIn(output: string, wanted: WantedSecret, origin: string): SecretPlace[] {
  const { section, key, variables } = wanted;
  const names = [key, ...variables];
  if (isLines(output)) {
    const values = variablesIn(output);
    return [key.toUpperCase(), ...names].map((name) => ({ name: `\`${name}\` in ${origin}`, value: values.get(name) }));
  }
  const root = mappingIn(output, origin);
  return [[...section, key], [...section.slice(1), key], ...names.map((name) => [name])].map((keys) => ({
    name: `\`${keys.join('.')}\` in ${origin}`,
    value: textAt(root, keys),
  }));
}

function isLines(output: string): boolean {
  const [first = ''] = output.split('\n').filter((line) => line.trim() !== '' && !line.trimStart().startsWith('#'));
  return /^\s*(export\s+)?[A-Za-z_]\w*\s*=/.test(first);
}

function mappingIn(output: string, origin: string): Located {
  const { root, problems } = readYaml(output, 'failsafe');
  if (problems.length === 0 && root.kind === 'map') return root;
  throw new PipelineError({
    code: 'SecretCommandFailed',
    message: `Secrets cannot be read in ${origin}: it is no mapping of keys to values.`,
    hint: 'Let it print JSON, YAML or lines `KEY=value`; one that prints a secret alone belongs to that one: `{ secret: KEY, command: […] }`.',
  });
}
