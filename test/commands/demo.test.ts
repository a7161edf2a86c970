import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { rowsOf } from '../support/published.ts';
import { shared } from '../support/shared.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { runCommand } from '../support/terminal.ts';

const demoRows = (cwd: string, table: string) =>
  rowsOf(join(cwd, 'demo/dezgo_api_pipeline.duckdb'), table, 'dezgo_api_data');

/** A first demo, and a second one in the same folder. */
const twice = shared(async () => {
  const cwd = await tempFolder();
  const first = await runCommand(['demo'], { cwd });
  const made = { jobs: await demoRows(cwd, 'jobs'), models: await demoRows(cwd, 'models') };
  return { cwd, first, made, second: await runCommand(['demo', '-q'], { cwd }) };
});

describe('dezgo-elt demo', () => {
  it('says first that it talks to a stand-in, then reports, then says how to query the file', async () => {
    const { first, made } = await twice();
    const { code, stdout, stderr } = first;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const lines = stdout.split('\n');
    expect(lines[0]).toMatch(/stand-in.*Every row is invented/);
    expect(lines[2]).toMatch(/^Pipeline dezgo_api_pipeline load step completed in /);
    expect(stdout).toContain('duckdb -readonly demo/dezgo_api_pipeline.duckdb');
    expect(made.jobs).toHaveLength(3);
    expect(made.models.length).toBeGreaterThan(3);
  });

  it('says first how its own query and page find the file, which works as it is written', async () => {
    const { cwd, first } = await twice();
    const [query = '', page = ''] = first.stdout.split('\n').filter((line) => line.includes(' npx dezgo-elt '));
    expect(page).toMatch(
      /CREDENTIALS=demo\/dezgo_api_pipeline\.duckdb PIPELINE__WORKING_DIR=demo\/\.dezgo-elt npx dezgo-elt -c \S+ show$/,
    );
    const [, name = '', value = '', config = '', sql = ''] =
      /^ +(\w+)=(\S+) npx dezgo-elt -c (\S+) query "(.+)"$/.exec(query) ?? [];
    const found = await runCommand(['-c', config, 'query', sql], { cwd, env: { [name]: value } });
    expect(found).toMatchObject({ code: 0, stderr: '', stdout: expect.stringContaining('plainpaper_1_0') });
  });

  it('keeps every file in demo/, and can be run again', async () => {
    const { cwd, made, second } = await twice();
    expect(second).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(await readdir(cwd)).toEqual(['demo']);
    expect(await demoRows(cwd, 'models')).toHaveLength(made.models.length);
    expect(await demoRows(cwd, '_dlt_loads')).toHaveLength(2);
  });

  it('is not disturbed by the secrets, the configuration and the variables of its user', async () => {
    const cwd = await tempFolder();
    await writeFile(join(cwd, 'secrets.yaml'), 'sources: [broken');
    await writeFile(join(cwd, 'pipeline.config.yaml'), 'pipeline: {');
    const env = {
      DEZGO_API_KEY: 'a-real-key',
      SOURCES__DEZGO_API_SOURCE__CLIENT__BASE_URL: 'https://api.example.invalid/',
      DESTINATION__DUCKDB__CREDENTIALS: 'real.duckdb',
      PIPELINE__DATASET_NAME: 'real',
    };
    expect((await runCommand(['demo'], { cwd, env })).code).toBe(0);
    expect((await readdir(cwd)).sort()).toEqual(['demo', 'pipeline.config.yaml', 'secrets.yaml']);
  });
});
