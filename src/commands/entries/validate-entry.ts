import { type CommandEntry, runOf } from './entry.ts';

export const validateEntry: CommandEntry = {
  name: 'validate',
  group: 'look',
  summary: 'check configuration and secrets',
  description:
    'Report every problem of the configuration, every missing secret and folders that cannot be written, then print what a run would request. What keeps a run only from telling others (`notify`, `ping`, `metrics_file`, `openlineage`) is a warning.',
  run: runOf(async () => (await import('../validate.ts')).validateCommand),
};
