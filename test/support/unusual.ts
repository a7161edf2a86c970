import { spawnSync } from 'node:child_process';
import { mkdir, symlink, writeFile } from 'node:fs/promises';

/** Anything that can stand where a file or folder is expected, made at a path. */
export const unusual = {
  'a file': (path: string) => writeFile(path, 'no database'),
  'a folder': (path: string) => mkdir(path),
  'a folder without rights': (path: string) => mkdir(path, 0o000),
  'a file without rights': (path: string) => writeFile(path, '', { mode: 0o000 }),
  'a link to a file': async (path: string) => {
    await writeFile(`${path}.other`, 'of somebody else');
    await symlink(`${path}.other`, path);
  },
  'a link that leads nowhere': (path: string) => symlink('nowhere', path),
  'a link to itself': (path: string) => symlink(path, path),
  'a FIFO': async (path: string) => {
    spawnSync('mkfifo', [path]);
  },
  'a link to a device': (path: string) => symlink('/dev/zero', path),
} as const satisfies Record<string, (path: string) => Promise<unknown>>;

export type Unusual = keyof typeof unusual;
