import { quotedWord } from '../text/quoted-command.ts';
import { type CompletedCommand, chosenOptions, valueOptions } from './completed-command.ts';

/** A script for `eval`: bash 4.0 or newer. */
export function bashCompletion(commands: readonly CompletedCommand[]): string {
  const places = commands.filter(({ at }) => at !== '').map(({ at }) => quotedWord(at));
  const choices = commands.flatMap(chosenOptions);
  return `# Completion for bash. In ~/.bashrc: eval "$(dezgo-elt completion bash)"
_dezgo_elt() {
  local word=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]} at= i
  if [[ $word == '=' ]]; then word=
  elif [[ $previous == '=' ]]; then previous=\${COMP_WORDS[COMP_CWORD-2]}
  fi
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "\${COMP_WORDS[i]}" in
      ${valueOptions(commands).join('|')}) ((i++)); [[ \${COMP_WORDS[i]} == '=' ]] && ((i++)); continue ;;
    esac
    case "\${at:+$at }\${COMP_WORDS[i]}" in
      ${places.join('|')}) at="\${at:+$at }\${COMP_WORDS[i]}" ;;
    esac
  done
  local choices= words= options=
  case "$at $previous" in
${choices.map(({ places: at, choices: of }) => `    ${at.map((each) => `'${each}'`).join('|')}) choices=${quotedWord(of.join(' '))} ;;`).join('\n')}
  esac
  case "$at" in
${commands.map(placeText).join('\n')}
  esac
  COMPREPLY=()
  if [[ -n $choices ]]; then words=$choices
  elif [[ " ${valueOptions(commands).join(' ')} " == *" $previous "* ]]; then words=
  elif [[ $word == -* ]]; then words=$options
  fi
  [[ -n $words ]] && COMPREPLY=($(compgen -W "$words" -- "$word"))
  return 0
}
complete -o default -F _dezgo_elt dezgo-elt`;
}

// --- internal ---

function placeText({ at, words, options }: CompletedCommand): string {
  const names = options.flatMap((option) => option.names);
  return `    '${at}') words=${quotedWord(words.map(({ name }) => name).join(' '))} options=${quotedWord(names.join(' '))} ;;`;
}
