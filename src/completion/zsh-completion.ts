import { quotedWord } from '../text/quoted-command.ts';
import { type CompletedCommand, type CompletedWord, chosenOptions, valueOptions } from './completed-command.ts';

/** A script for `eval` after `compinit`, or for a file `_dezgo-elt` in `$fpath`. */
export function zshCompletion(commands: readonly CompletedCommand[]): string {
  const places = commands.filter(({ at }) => at !== '').map(({ at }) => quotedWord(at));
  const choices = commands.flatMap(chosenOptions);
  const taking = valueOptions(commands).join('|');
  return `#compdef dezgo-elt
# Completion for zsh. In ~/.zshrc, after compinit: eval "$(dezgo-elt completion zsh)"
_dezgo-elt() {
  local previous=\${words[CURRENT-1]} at= i
  for ((i = 2; i < CURRENT; i++)); do
    case "\${words[i]}" in
      ${taking}) ((i++)); continue ;;
    esac
    case "\${at:+$at }\${words[i]}" in
      ${places.join('|')}) at="\${at:+$at }\${words[i]}" ;;
    esac
  done
  if [[ $PREFIX == --*=* ]]; then
    previous=\${PREFIX%%=*}
    compset -P '*='
  fi
  local -a choices commands options
  case "$at $previous" in
${choices.map(({ places: at, choices: of }) => `    ${at.map((each) => `'${each}'`).join('|')}) choices=(${of.map(quotedWord).join(' ')}) ;;`).join('\n')}
  esac
  case "$at" in
${commands.map(placeText).join('\n')}
  esac
  if (( $#choices )); then compadd -- $choices; return; fi
  case "$previous" in
    ${taking}) _files; return ;;
  esac
  if [[ $PREFIX == -* ]]; then _describe -o option options
  elif (( $#commands )); then _describe command commands
  else _files
  fi
}
if [[ \${funcstack[1]} == _dezgo-elt ]]; then _dezgo-elt "$@"; else compdef _dezgo-elt dezgo-elt; fi`;
}

// --- internal ---

function placeText({ at, words, options }: CompletedCommand): string {
  const each = options.flatMap(({ names, summary }) => names.map((name) => ({ name, summary })));
  return `    '${at}')\n      commands=(${described(words)})\n      options=(${described(each)}) ;;`;
}

/** `name:summary`, or the name alone; a colon in it has a backslash before it. */
function described(words: readonly CompletedWord[]): string {
  const each = words.map(({ name, summary }) => [name.replaceAll(':', '\\:'), summary].filter((part) => part !== ''));
  return each.map((parts) => quotedWord(parts.join(':'))).join(' ');
}
