import { Argument, Option } from 'commander';
import type { RunChoices } from '../../run/run-choices.ts';
import type { OutputFormat } from '../terminal.ts';
import { type CommandEntry, formatOption, fullRefreshOption, listed, runOf } from './entry.ts';

export const runEntry: CommandEntry = {
  name: 'run',
  group: 'run',
  summary: 'load resources into the destination',
  description: 'Load the selected resources, or just the named ones, also those with `selected: false`.',
  operands: [new Argument('[resource...]', 'names from the configuration')],
  options: [
    formatOption(),
    new Option('--dry-run', 'ask the source, load into a copy that is thrown away, and report what a run would do'),
    new Option('--exclude <resource>', 'load everything else; may be repeated').argParser(listed),
    new Option('--allow-paid', 'let resources cost money (`paid: true`) where nobody watches'),
    new Option('--max-cost <amount>', 'stop before the paid request with which the run would cost more'),
    new Option('--limit <records>', 'so many of each resource, to try something out').argParser(Number),
    new Option('--timeout <duration>', 'stop this run after so long, instead of `pipeline.timeout`: 90s, 15m'),
    new Option(
      '--metrics-file <file>',
      'write metrics of the run for Prometheus, instead of to `pipeline.metrics_file`',
    ),
    new Option('--if-locked <how>', 'while another run goes on: fail with 75, skip with 0, or wait=30s').default(
      'fail',
    ),
    fullRefreshOption('load all incremental resources, or one, from the beginning, instead of the rows that are there'),
    new Option('--from <value>', 'load a range of the incremental resources, and keep where they are'),
    new Option('--to <value>', 'end of that range; a value, `now - 2d` or `today`'),
    new Option('--summary <file>', 'write what the run was there, as JSON; also of a run that fails'),
    new Option('--allow-delete', 'let `delete_missing` take away more rows than `max_delete` says'),
  ],
  example: [
    'dezgo-elt run models --dry-run',
    'dezgo-elt run --exclude jobs --timeout 15m --if-locked skip',
    'dezgo-elt run --full-refresh orders',
  ],
  run: runOf<
    RunChoices & {
      format: OutputFormat;
      allowPaid?: boolean;
      maxCost?: string;
      summary?: string;
      metricsFile?: string;
      dryRun?: boolean;
    }
  >(async () => (await import('../run.ts')).runCommand),
};
