import { Argument, Option } from 'commander';
import { type DeployTarget, targetNames } from '../../deploy/target-names.ts';
import type { DeployOptions } from '../deploy.ts';
import { type CommandEntry, formatOption, runOf } from './entry.ts';

export const deployEntry: CommandEntry = {
  name: 'deploy',
  group: 'operate',
  summary: 'make the files by which a scheduler runs this pipeline',
  description:
    'Print ready files for this configuration, with its paths, its schedule and the exit codes that are worth a second try: a crontab line, a systemd service and timer, a GitHub workflow, an Airflow DAG, a Dockerfile, a Kubernetes CronJob. Writes nothing without --output.',
  operands: [new Argument('<target>', 'the scheduler').choices(targetNames satisfies readonly DeployTarget[])],
  options: [
    new Option('--schedule <cron>', 'minute, hour, day, month, weekday').default('0 3 * * *'),
    new Option('-o, --output <dir>', 'write the files into this folder; those that are there are kept'),
    new Option('--force', 'overwrite files that are there'),
    new Option('--keep <how>', 'where GitHub keeps the DuckDB file from run to run')
      .choices(['artifact', 'branch'])
      .default('artifact'),
    formatOption(),
  ],
  example: [
    'dezgo-elt deploy cron --schedule "17 3 * * *"',
    'dezgo-elt deploy systemd --output units',
    'dezgo-elt deploy github-actions --output .',
  ],
  run: runOf<DeployOptions>(async () => (await import('../deploy.ts')).deployCommand),
};
