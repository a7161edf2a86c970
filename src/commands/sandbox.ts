import { once } from 'node:events';
import { relative } from 'node:path';
import { faultName } from '../sandbox/fault-list.ts';
import { type ProfileName, profiles } from '../sandbox/profiles/profiles.ts';
import { type Sandbox, startSandbox } from '../sandbox/stand-in-api.ts';
import { playedConfigs, shipped, standInEnvironment } from './stand-in.ts';
import type { CommonOptions, Terminal } from './terminal.ts';

interface SandboxCommandOptions extends CommonOptions {
  readonly port: number;
  readonly planRoutes: boolean;
  readonly fault: readonly string[];
  readonly profile: ProfileName;
}

/** `dezgo-elt sandbox`: serves the stand-in until it is interrupted, which is its ordinary end. */
export async function sandboxCommand(terminal: Terminal, options: SandboxCommandOptions): Promise<number> {
  const { port, planRoutes, fault, profile } = options;
  const sandbox = await startSandbox({ port, planRoutes, profile, fault: fault.map(faultName) });
  try {
    terminal.print(instructions(sandbox, profile, terminal.cwd));
    if (!terminal.signal.aborted) await once(terminal.signal, 'abort');
  } finally {
    await sandbox.close();
  }
  return 0;
}

function instructions(sandbox: Sandbox, profile: ProfileName, cwd: string): string {
  const { file } = playedConfigs[profile];
  const config = profile === 'dezgo' ? '' : ` -c ${relative(cwd, shipped(file))}`;
  return [
    `A stand-in of the ${profiles[profile].title} listens on ${sandbox.url} until Ctrl-C. Every row it sends is invented.`,
    'Point a run at it from another shell:',
    '',
    ...Object.entries(standInEnvironment(sandbox, profile)).map(([name, value]) => `  export ${name}='${value}'`),
    `  npx dezgo-elt run${config}`,
  ].join('\n');
}
