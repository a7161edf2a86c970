import { Option } from 'commander';
import type { ProfileName } from '../../sandbox/profiles/profiles.ts';
import { type CommandEntry, runOf } from './entry.ts';
import { portNumber, repeated } from './option-values.ts';

export const sandboxEntry: CommandEntry = {
  name: 'sandbox',
  group: 'try',
  summary: 'serve a stand-in of the Dezgo API',
  description: 'Serve a stand-in of the Dezgo API on loopback until interrupted. Every row it sends is invented.',
  options: [
    new Option('--profile <name>', 'the service that it plays: those of examples/')
      .choices(['dezgo', 'rapidapi', 'segmind'])
      .default('dezgo'),
    new Option('--port <number>', 'port to listen on; 0 picks a free one').argParser(portNumber).default(0),
    new Option('--no-plan-routes', 'answer 404 for /models, /jobs and /images, as the live service may'),
    new Option('--fault <name>', 'answer with a failure, may be repeated; an unknown name lists them')
      .argParser(repeated)
      .default([], 'none'),
  ],
  run: runOf<{ port: number; planRoutes: boolean; fault: string[]; profile: ProfileName }>(
    async () => (await import('../sandbox.ts')).sandboxCommand,
  ),
};
