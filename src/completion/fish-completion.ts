import { type CompletedCommand, type CompletedOption, valueOptions } from './completed-command.ts';

/** A script for `source`, or for a file in `~/.config/fish/completions`. */
export function fishCompletion(commands: readonly CompletedCommand[]): string {
  const places = commands.filter(({ at }) => at !== '').map(({ at }) => fishWord(at));
  return `# Completion for fish. In ~/.config/fish/config.fish: dezgo-elt completion fish | source
function __dezgo_elt_at
  set -l at
  set -l isValue 0
  for word in (commandline -opc)[2..]
    if test $isValue = 1
      set isValue 0
    else if contains -- $word ${valueOptions(commands).join(' ')}
      set isValue 1
    else if contains -- (string join ' ' -- $at $word) ${places.join(' ')}
      set at (string join ' ' -- $at $word)
    end
  end
  test "$at" = "$argv[1]"
end
complete -c dezgo-elt -e
${commands.flatMap(linesOf).join('\n')}`;
}

// --- internal ---

function linesOf({ at, words, options }: CompletedCommand): string[] {
  const here = `complete -c dezgo-elt -n ${fishWord(`__dezgo_elt_at ${fishWord(at)}`)}`;
  const offered = words.map(({ name, summary }) => `${here} -f -a ${fishWord(name)} -d ${fishWord(summary)}`);
  return [...offered, ...options.map((option) => `${here} ${optionText(option)}`)];
}

function optionText({ names, summary, takesValue, choices }: CompletedOption): string {
  const flags = names.map((name) => (name.startsWith('--') ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`));
  const value = choices.length > 0 ? [`-x -a ${fishWord(choices.join(' '))}`] : takesValue ? ['-r -F'] : [];
  return [...flags, ...value, `-d ${fishWord(summary)}`].join(' ');
}

function fishWord(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
