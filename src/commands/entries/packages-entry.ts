import { Argument, Option } from 'commander';
import type { ListFormat, OutputFormat } from '../terminal.ts';
import { type CommandEntry, formatOption, listFormatOption, runOf, yesOption } from './entry.ts';

const list: CommandEntry = {
  name: 'list',
  summary: 'which there are, and why they were not loaded',
  description:
    'List the load packages that wait, those that were set aside with the reason, and loaded ones that are kept. Opens none of them; a run that is going on is left alone.',
  options: [listFormatOption()],
  example: ['dezgo-elt packages list', 'dezgo-elt packages list --format json'],
  run: runOf<{ format: ListFormat }>(async () => (await import('../packages.ts')).listPackagesCommand),
};

const show: CommandEntry = {
  name: 'show',
  summary: 'what is in one',
  description:
    'Show the tables and rows of a load package, its resources, the columns that it would add, and what a schema contract kept out.',
  operands: [new Argument('<load-id>', 'from `dezgo-elt packages list`')],
  options: [formatOption()],
  example: ['dezgo-elt packages show 1749667187.541553'],
  run: runOf<{ format: OutputFormat }>(async () => (await import('../show-package.ts')).showPackageCommand),
};

const retry: CommandEntry = {
  name: 'retry',
  summary: 'load one that was set aside, or waits, now',
  description:
    'Load a package that was set aside, or one that waits, now, and report as `run` does. Nothing is asked of the source. Asks before, or needs `--yes`, where a later load is there already.',
  operands: [new Argument('<load-id>', 'from `dezgo-elt packages list`')],
  options: [
    new Option('--allow-delete', 'let `delete_missing` take away more rows than `max_delete` says'),
    yesOption(),
    formatOption(),
  ],
  example: ['dezgo-elt packages retry 1749667187.541553', 'dezgo-elt packages retry 1749667187.541553 --allow-delete'],
  run: runOf<{ format: OutputFormat; allowDelete?: boolean; yes?: boolean }>(
    async () => (await import('../retry-package.ts')).retryPackageCommand,
  ),
};

const drop: CommandEntry = {
  name: 'drop',
  summary: 'remove some',
  description:
    'Remove load packages. What is in one that was not loaded is asked for again by the next run. Asks before, or needs `--yes`.',
  operands: [new Argument('[load-id...]', 'from `dezgo-elt packages list`')],
  options: [
    new Option('--rejected', 'all that were set aside'),
    new Option('--all', 'all of this pipeline, those that wait and loaded ones too'),
    yesOption(),
    formatOption(),
  ],
  example: ['dezgo-elt packages drop 1749667187.541553', 'dezgo-elt packages drop --rejected --yes'],
  run: runOf<{ format: OutputFormat; rejected?: boolean; all?: boolean; yes?: boolean }>(
    async () => (await import('../drop-packages.ts')).dropPackagesCommand,
  ),
};

export const packagesEntry: CommandEntry = {
  name: 'packages',
  group: 'repair',
  summary: 'list, show, retry or drop load packages',
  description: 'Load packages: what was extracted and waits, was set aside, or was loaded and is kept for a look.',
  subcommands: [list, show, retry, drop],
};
