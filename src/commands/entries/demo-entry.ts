import { type CommandEntry, runOf } from './entry.ts';

export const demoEntry: CommandEntry = {
  name: 'demo',
  group: 'try',
  summary: 'load from the stand-in into demo/',
  description: 'Run the shipped configuration against the stand-in API, with every file in a folder demo/ of its own.',
  run: runOf(async () => (await import('../demo.ts')).demoCommand),
};
