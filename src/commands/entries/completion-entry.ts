import { Argument } from 'commander';
import { shells } from '../../completion/shells.ts';
import type { CommandEntry } from './entry.ts';

export const completionEntry: CommandEntry = {
  name: 'completion',
  group: 'operate',
  summary: 'make a shell complete commands, options and their values',
  description:
    'Print a script by which bash, zsh or fish completes commands, options and the values that options may have. It works where `dezgo-elt` is a command of the shell: installed with `npm install --global`, or as an alias of `npx dezgo-elt`.',
  operands: [new Argument('<shell>', 'whose script').choices(shells)],
  example: [
    'eval "$(dezgo-elt completion bash)"     # in ~/.bashrc',
    'eval "$(dezgo-elt completion zsh)"      # in ~/.zshrc, after compinit',
    'dezgo-elt completion fish | source      # in ~/.config/fish/config.fish',
  ],
  run: async (terminal, parsed) => {
    const { completionCommand } = await import('../completion.ts');
    const shell = shells.find((each) => each === parsed.args[0]) ?? 'bash'; // commander has refused others
    return completionCommand(terminal, parsed.parent ?? parsed, shell);
  },
};
