import { lstat, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { writeSchemaFile } from '../../src/schema-files/schema-file-io.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { type Unusual, unusual } from '../support/unusual.ts';

describe('a schema file is written', () => {
  test.each<Unusual>(['a file', 'a link to a file', 'a link that leads nowhere', 'a FIFO'])(
    'whole, although %s has the name of the draft, and nothing through that',
    async (what) => {
      const folder = await tempFolder();
      const draft = join(folder, 's.schema.yaml.next');
      await unusual[what](draft);
      await writeSchemaFile(join(folder, 's.schema.yaml'), 'name: s\n');
      expect(await readFile(join(folder, 's.schema.yaml'), 'utf8')).toBe('name: s\n');
      const other = await readFile(`${draft}.other`, 'utf8').catch(() => undefined);
      expect(other).toBe(what === 'a link to a file' ? 'of somebody else' : undefined);
    },
  );

  test('where a link to it leads', async () => {
    const folder = await tempFolder();
    await writeFile(join(folder, 'real.yaml'), 'old');
    await symlink('real.yaml', join(folder, 's.schema.yaml'));
    await writeSchemaFile(join(folder, 's.schema.yaml'), 'new');
    expect(await readFile(join(folder, 'real.yaml'), 'utf8')).toBe('new');
    expect((await lstat(join(folder, 's.schema.yaml'))).isSymbolicLink()).toBe(true);
  });

  test('or not at all: exit 6, and no draft stays', async () => {
    const folder = await tempFolder();
    const file = join(folder, 's.schema.yaml');
    await unusual['a folder'](file);
    await expect(writeSchemaFile(file, 'new')).rejects.toMatchObject({
      exitCode: 6,
      message: expect.stringContaining(`${file} could not be written: it is a folder (EISDIR)`),
    });
    expect(await readdir(folder)).toEqual(['s.schema.yaml']);
  });
});
