import { spawn } from 'node:child_process';
import { platform } from 'node:process';

type Environment = Readonly<Record<string, string | undefined>>;

/** Whether a browser that is opened here is seen by whoever asked for it. */
export function canOpenBrowser(env: Environment, isTerminal: boolean): boolean {
  const isElsewhere = ['CI', 'SSH_CONNECTION', 'SSH_TTY'].some((name) => (env[name] ?? '') !== '');
  const hasScreen =
    platform !== 'linux' || ['DISPLAY', 'WAYLAND_DISPLAY', 'BROWSER'].some((name) => (env[name] ?? '') !== '');
  return isTerminal && !isElsewhere && hasScreen && env.BROWSER !== 'none';
}

/** By the command that the platform has for it. That it fails is no failure: the address was printed. */
export function openBrowser(url: string, env: Environment): void {
  const [program = '', ...args] = commands[platform] ?? ['xdg-open'];
  const child = spawn(program, [...args, url], { stdio: 'ignore', detached: true, env: { ...env } });
  child.on('error', () => undefined);
  child.unref();
}

// --- internal ---

const commands: Partial<Record<NodeJS.Platform, readonly string[]>> = {
  darwin: ['open'],
  win32: ['rundll32', 'url.dll,FileProtocolHandler'],
};
