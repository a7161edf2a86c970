import { lstat, mkdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readOwnJson, writeOwnJson } from '../../src/files/own-json.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { unusual } from '../support/unusual.ts';

describe('a small JSON file of a run', () => {
  it('is for this user alone, and comes back as it was', async () => {
    const path = join(await tempFolder(), 'ledger.run.json');
    writeOwnJson(path, { first: 1 });
    writeOwnJson(path, { second: [null] });
    expect(readOwnJson(path)).toEqual({ second: [null] });
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it('takes the place of a link, and leaves alone what that leads to', async () => {
    const folder = await tempFolder();
    const [path, other] = [join(folder, 'ledger.run.json'), join(folder, 'other.json')];
    await writeFile(other, '{"mine": true}');
    await symlink(other, path);
    expect(readOwnJson(path)).toBeUndefined();
    await symlink(other, `${path}.next`);
    writeOwnJson(path, {});
    expect((await lstat(path)).isFile()).toBe(true);
    expect(await readFile(other, 'utf8')).toBe('{"mine": true}');
  });

  it('is nothing where it is missing, no JSON, or a FIFO, for which nobody waits', async () => {
    const folder = await tempFolder();
    await writeFile(join(folder, 'text'), 'no json');
    await unusual['a FIFO'](join(folder, 'fifo'));
    for (const name of ['missing', 'text', 'fifo']) expect(readOwnJson(join(folder, name))).toBeUndefined();
  });

  it('that cannot be written is no error', async () => {
    const path = join(await tempFolder(), 'ledger.run.json');
    await mkdir(path);
    writeOwnJson(path, {});
    expect((await stat(path)).isDirectory()).toBe(true);
  });
});
