import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { holdFile, holdWhenFree, realFilePath, tryHoldFile } from '../../src/duckdb/held-files.ts';
import { PipelineError } from '../../src/errors.ts';

let folder: string;
let file: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'held-'));
  file = realFilePath(join(folder, 'a.duckdb'));
});

afterEach(() => rm(folder, { recursive: true }));

describe('holding a file', () => {
  it('keeps everybody else of this process out until it is released', () => {
    const release = holdFile(file);
    expect(tryHoldFile(file)).toBeUndefined();
    expect(tryHoldFile(file, 'shared')).toBeUndefined();
    release();
    holdFile(file)();
  });

  it('throws RunLocked, naming the file', () => {
    const release = holdFile(file);
    expect(() => holdFile(file)).toThrow(PipelineError);
    expect(() => holdFile(file)).toThrow(file);
    release();
  });

  it('to read lets other readers in, and a writer after the last of them', () => {
    const first = holdFile(file, 'shared');
    const second = holdFile(file, 'shared');
    first();
    expect(tryHoldFile(file)).toBeUndefined();
    second();
    holdFile(file)();
  });

  it('is released once, however often release is called', () => {
    const first = holdFile(file, 'shared');
    const second = holdFile(file, 'shared');
    first();
    first();
    expect(tryHoldFile(file)).toBeUndefined();
    second();
    const writer = holdFile(file);
    second();
    expect(tryHoldFile(file)).toBeUndefined();
    writer();
  });

  it('knows the file by every name that leads to it', async () => {
    await writeFile(file, '');
    await symlink(file, join(folder, 'link.duckdb'));
    const release = holdFile(join(folder, 'link.duckdb'));
    expect(tryHoldFile(file)).toBeUndefined();
    expect(tryHoldFile(join(folder, 'x', '..', 'a.duckdb'))).toBeUndefined();
    release();
  });

  it('waits for it where asked to, at most as long as asked to', async () => {
    const release = holdFile(file);
    expect(await holdWhenFree(file, 'shared', 0)).toBeUndefined();
    const waiting = holdWhenFree(file, 'shared', 300_000);
    release();
    (await waiting)?.();
    holdFile(file)();
  });
});

describe('the real path', () => {
  it('of a link that points nowhere yet is what it points to', async () => {
    await symlink('a.duckdb', join(folder, 'link.duckdb'));
    expect(realFilePath(join(folder, 'link.duckdb'))).toBe(file);
  });

  it('of a file in a folder that does not exist is its absolute path', () => {
    expect(realFilePath(join(folder, 'none', 'a.duckdb'))).toBe(join(folder, 'none', 'a.duckdb'));
  });

  it('of links in a circle is the path itself', async () => {
    await symlink('b.duckdb', join(folder, 'c.duckdb'));
    await symlink('c.duckdb', join(folder, 'b.duckdb'));
    expect(realFilePath(join(folder, 'b.duckdb'))).toBe(join(folder, 'b.duckdb'));
  });
});
