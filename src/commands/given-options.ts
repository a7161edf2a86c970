import { parseArgs } from 'node:util';
import { quotedWord } from '../text/quoted-command.ts';
import { commandList } from './command-list.ts';
import type { Terminal } from './terminal.ts';

/**
 * The terminal, on which the commands that hints and reports name are those of this project: where `-c FILE` or `--secrets FILE`
 * was given, `dezgo-elt run` becomes `dezgo-elt -c FILE run`.
 */
export function repeatingOptions(argv: readonly string[], terminal: Terminal): Terminal {
  const given = givenOptions(argv);
  if (given === '') return terminal;
  const commands = new Set(commandList.flatMap(({ name }) => (name === 'demo' || name === 'sandbox' ? [] : [name])));
  const complete = (text: string) => {
    const words = /^\s*[[{]/.test(text) ? JSON.stringify(given).slice(1, -1) : given;
    return text.replace(/\bdezgo-elt (?=([a-z]+))/g, (name, command: string) =>
      commands.has(command) ? `${name}${words} ` : name,
    );
  };
  const { env, program, stderr, signal, listening } = terminal;
  return {
    env,
    program,
    listening,
    stderr,
    signal,
    get streams() {
      return terminal.streams;
    },
    get cwd() {
      return terminal.cwd;
    },
    print: (text) => terminal.print(complete(text)),
    ask: (question) => terminal.ask(complete(question)),
    write: (text) => terminal.write(text),
    input: () => terminal.input(),
    // An error's own message is no member that a spread would copy.
    fail: ({ code, message, hint, loadId = null }) =>
      terminal.fail({ code, loadId, message: complete(message), hint: complete(hint) }),
  };
}

// --- internal ---

/** As a shell takes them. */
function givenOptions(argv: readonly string[]): string {
  const options = { config: { type: 'string', short: 'c' }, secrets: { type: 'string' } } as const;
  const { config, secrets } = parseArgs({ args: [...argv], options, strict: false, allowPositionals: true }).values;
  return [
    ...(typeof config === 'string' ? [`-c ${quotedWord(config)}`] : []),
    ...(typeof secrets === 'string' ? [`--secrets ${quotedWord(secrets)}`] : []),
  ].join(' ');
}
