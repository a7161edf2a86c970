import { Argument } from 'commander';
import type { OutputFormat } from '../terminal.ts';
import { type CommandEntry, formatOption, runOf, yesOption } from './entry.ts';

const show: CommandEntry = {
  name: 'show',
  summary: 'where incremental resources go on',
  description:
    'Show the cursors of incremental resources, since when they are there and which load brought them. A run that is going on is left alone.',
  operands: [new Argument('[resource...]', 'names from the configuration')],
  options: [formatOption()],
  example: ['dezgo-elt state show', 'dezgo-elt state show orders --format json'],
  run: runOf<{ format: OutputFormat }>(async () => (await import('../state.ts')).showStateCommand),
};

const set: CommandEntry = {
  name: 'set',
  summary: 'let the next run of a resource go on somewhere else',
  description:
    'Set the last value of a cursor. It is published as a load without rows, with which dlt goes on, too. Rows that are there stay.',
  operands: [
    new Argument('<resource>', 'name from the configuration'),
    new Argument('<cursor>', 'its cursor_path'),
    new Argument(
      '<value>',
      'as the records have it, a day where they are times, or `now - 30d`; a negative one after --',
    ),
  ],
  options: [formatOption()],
  example: ['dezgo-elt state set orders updated_at 2024-01-15', "dezgo-elt state set orders updated_at 'now - 30d'"],
  run: runOf<{ format: OutputFormat }>(async () => (await import('../change-state.ts')).setStateCommand),
};

const reset: CommandEntry = {
  name: 'reset',
  summary: 'let the next run begin where the first one did',
  description:
    'Forget where incremental resources are, all or the named ones: the next run loads from initial_value on. Rows that are there stay. Asks before, or needs `--yes`.',
  operands: [new Argument('[resource...]', 'names from the configuration')],
  options: [yesOption(), formatOption()],
  example: ['dezgo-elt state reset orders', 'dezgo-elt state reset --yes && dezgo-elt run'],
  run: runOf<{ format: OutputFormat; yes?: boolean }>(
    async () => (await import('../change-state.ts')).resetStateCommand,
  ),
};

export const stateEntry: CommandEntry = {
  name: 'state',
  group: 'repair',
  summary: 'show, set or reset where incremental resources go on',
  description: "The incremental state of the pipeline, which is dlt's: in `_dlt_pipeline_state` of the dataset.",
  subcommands: [show, set, reset],
};
