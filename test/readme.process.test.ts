import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { copyFile, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { commandList } from '../src/commands/command-list.ts';
import { loadConfig } from '../src/config/load-config.ts';
import { ReadOnlyFile } from '../src/duckdb/read-only-file.ts';
import { realEffects } from '../src/effects.ts';
import { exitCodes } from '../src/errors.ts';
import { runPipeline } from '../src/pipeline.ts';
import { sandboxJobs } from '../src/sandbox/ids.ts';
import { sandboxModels } from '../src/sandbox/models.ts';
import { resultOf } from './support/cli.ts';
import { blocks, documents } from './support/documents.ts';
import { projectRoot } from './support/repository.ts';
import { useSandbox } from './support/sandbox.ts';
import { shared } from './support/shared.ts';
import { tempFolder } from './support/temp-folder.ts';
import { type CommandResult, runCommand } from './support/terminal.ts';

/** A user's folder: the shipped configuration, the package installed, a key for the stand-in. */
async function userFolder() {
  const folder = await tempFolder();
  const sandbox = await useSandbox();
  await copyFile(join(projectRoot, 'pipeline.config.yaml'), join(folder, 'pipeline.config.yaml'));
  await mkdir(join(folder, 'node_modules'));
  await symlink(projectRoot, join(folder, 'node_modules', 'dezgo-elt'));
  const env = {
    DEZGO_API_KEY: sandbox.key,
    DEZGO_JOB_IDS: sandboxJobs.completed,
    SOURCES__DEZGO_API_SOURCE__CLIENT__BASE_URL: sandbox.url,
  };
  return { folder, env, sandbox };
}

/** What the commands of the documents answer, in the order they stand, and the folder that they leave. */
const used = shared(async () => {
  const { folder, env } = await userFolder();
  const lines = blocks('bash')
    .join('\n')
    .split('\n')
    .filter((line) => line.startsWith('npx dezgo-elt '));
  const results: { line: string; result: CommandResult }[] = [];
  for (const line of lines) {
    results.push({ line, result: await runCommand(wordsOf(line).slice(2), { cwd: folder, env }) });
  }
  return { results, folder, env };
});

/** As a shell takes them. */
function wordsOf(line: string): string[] {
  return [...line.matchAll(/'([^']*)'|\S+/g)].map(([word, quoted]) => quoted ?? word);
}

/** Every statement of the blocks with what it answers on the live file. */
async function answersTo(blocks: readonly string[], folder: string) {
  const file = await ReadOnlyFile.open(join(folder, 'dezgo_api_pipeline.duckdb'));
  try {
    await file.connection.run(`use ${file.catalog}`);
    const answers = [];
    for (const sql of blocks.flatMap((block) => block.split(';')).filter((text) => text.trim() !== ''))
      answers.push({ sql, rows: await file.connection.rows(sql) });
    return answers;
  } finally {
    file.close();
  }
}

describe('the README, with docs/,', () => {
  test('gives install, demo and test commands that exist and that the checks run', () => {
    const scripts: Record<string, string> = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')).scripts;
    const checks = readFileSync(join(projectRoot, '.ci/run'), 'utf8');
    const commands = [
      ...blocks('bash')
        .join('\n')
        .matchAll(/npm (?:run )?([a-z:]+)/g),
    ].map((match) => match[1] ?? '');
    expect(commands).toEqual(expect.arrayContaining(['ci', 'demo', 'test', 'bench']));
    const ofNpm = ['ci', 'install'];
    for (const command of commands) if (!ofNpm.includes(command)) expect(scripts).toHaveProperty([command]);
    for (const command of ['npm ci', 'npm test', 'npm run demo']) expect(checks).toContain(command);
  });

  test('gives commands that work in the order they stand, with a key', async () => {
    const { results } = await used();
    expect(results.map(({ line }) => line.split(' ')[2])).toEqual([
      ...['validate', 'run', 'info'],
      ...['doctor', 'check', 'preview', 'plan', 'info'],
      ...['query', 'query', 'query'],
    ]);
    for (const { line, result } of results) expect(result, line).toMatchObject({ code: 0, stderr: '' });
  });

  test('shows SQL that is right also after a run of another resource', async () => {
    const { folder, env, sandbox } = await userFolder();
    const config = await loadConfig('pipeline.config.yaml', { cwd: folder, env });
    const run = (...resources: string[]) => runPipeline(config, { resources, effects: { ...realEffects, env } });
    await run();
    const [retired, ...models] = sandboxModels;
    sandbox.setModels(models);
    await run('models');
    await run('account_tx_last');
    const answers = await answersTo(blocks('sql'), folder);
    expect(answers.length).toBeGreaterThan(5);
    for (const { sql, rows } of answers) expect(rows, sql).not.toEqual([]);

    const rowsOf = (start: string) => answers.find(({ sql }) => sql.trim().startsWith(start))?.rows;
    expect(rowsOf('select * from dezgo_api_data.models')).toHaveLength(models.length);
    expect(rowsOf('select id, name from dezgo_api_data.models as retired')).toMatchObject([{ id: retired?.id }]);
    const loadedAt = new Map(
      rowsOf('select table_name, max(inserted_at)')?.map((row) => [row.table_name, row.loaded_at]),
    );
    expect([...loadedAt.keys()]).toEqual(expect.arrayContaining(['jobs', 'models', 'models__functions']));
    expect(loadedAt.get('jobs')).not.toEqual(loadedAt.get('models'));
    const written = rowsOf('select load_id, table_name, rows_inserted');
    expect(written?.filter(({ table_name }) => table_name === 'models')).toMatchObject([
      { rows_inserted: 0n, rows_updated: BigInt(models.length), rows_deleted: 0n, rows_retired: 1n },
      { rows_inserted: BigInt(sandboxModels.length), rows_updated: 0n, rows_deleted: 0n, rows_retired: 0n },
    ]);
  });

  test('shows YAML that is a configuration, or a part of one', async () => {
    const folder = await tempFolder();
    const shown = blocks('yaml');
    expect(shown.length).toBeGreaterThan(1);
    for (const [index, yaml] of shown.entries()) {
      const path = join(folder, `${index}.yaml`);
      await writeFile(path, inSkeleton(yaml));
      const config = await loadConfig(path, { env: {} });
      expect(config.source.resources.length, yaml).toBeGreaterThan(0);
    }
  });

  test('shows TypeScript that runs', async () => {
    const { folder, env } = await used();
    const [loading, generating, asking] = blocks('ts');
    await writeFile(join(folder, 'program.mjs'), `${loading}\n${generating}\n${asking}`);
    const child = spawn(process.execPath, ['program.mjs'], { cwd: folder, env: { ...process.env, ...env } });
    const result = await resultOf(child);
    expect(result).toMatchObject({ code: 0, stderr: '' });
    expect(result.stdout).toContain("status: 'unchanged'");
  });

  test('lists every command', () => {
    const [, listed = ''] = /^## Commands\n(.*?)^## /ms.exec(documents.get('README.md') ?? '') ?? [];
    expect(commandList.map(({ name }) => name).filter((name) => !listed.includes(`\`${name}`))).toEqual([]);
  });

  test('lists every exit code', () => {
    const listed = [...(documents.get('docs/cron.md') ?? '').matchAll(/^\| (\d+(?:, \d+)*) \|/gm)].flatMap((match) =>
      (match[1] ?? '').split(', ').map(Number),
    );
    expect(listed.toSorted((a, b) => a - b)).toEqual(Object.values(exitCodes).toSorted((a, b) => a - b));
  });
});

/** A whole configuration as it is; of resources alone, or of parts, one that has what they leave out. */
function inSkeleton(yaml: string): string {
  const shown = parse(yaml);
  if (shown?.pipeline?.name !== undefined && shown.source?.name !== undefined) return yaml;
  const { pipeline, source } = Array.isArray(shown) ? { pipeline: {}, source: { resources: shown } } : shown;
  return JSON.stringify({
    pipeline: { name: 'p', ...pipeline },
    source: { name: 's', client: { base_url: 'http://127.0.0.1:9/' }, resources: ['r'], ...source },
  });
}
