import { once } from 'node:events';
import { faultName } from '../sandbox/fault-list.ts';
import { startSandbox } from '../sandbox/stand-in-api.ts';
import { standInEnvironment } from './stand-in.ts';
import type { CommonOptions, Terminal } from './terminal.ts';

interface SandboxCommandOptions extends CommonOptions {
  readonly port: number;
  readonly planRoutes: boolean;
  readonly fault: readonly string[];
}

/** `dezgo-elt sandbox`: serves the stand-in until it is interrupted, which is its ordinary end. */
export async function sandboxCommand(terminal: Terminal, options: SandboxCommandOptions): Promise<number> {
  const { port, planRoutes, fault } = options;
  const sandbox = await startSandbox({ port, planRoutes, fault: fault.map(faultName) });
  try {
    terminal.print(instructions(standInEnvironment(sandbox), sandbox.url));
    if (!terminal.signal.aborted) await once(terminal.signal, 'abort');
  } finally {
    await sandbox.close();
  }
  return 0;
}

function instructions(environment: Readonly<Record<string, string>>, url: string): string {
  return [
    `A stand-in of the Dezgo API listens on ${url} until Ctrl-C. Every row it sends is invented.`,
    'Point a run at it from another shell:',
    '',
    ...Object.entries(environment).map(([name, value]) => `  export ${name}='${value}'`),
    '  npx dezgo-elt run',
  ].join('\n');
}
