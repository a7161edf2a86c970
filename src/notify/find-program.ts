import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { delimiter, resolve } from 'node:path';
import type { Environment } from '../config/environment-name.ts';

/** Whether a program can be started in a folder: by its path, or because a folder of `PATH` has it. */
export async function isProgramThere(program: string, folder: string, { PATH = '/usr/bin:/bin' }: Environment) {
  // Windows finds programs in ways of its own.
  if (process.platform === 'win32') return true;
  const folders = program.includes('/') ? [''] : PATH.split(delimiter);
  const found = await Promise.all(folders.map((one) => isExecutable(resolve(folder, one, program))));
  return found.includes(true);
}

// --- internal ---

async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}
