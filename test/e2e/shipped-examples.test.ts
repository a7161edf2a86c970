import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { standInEnvironment } from '../../src/commands/stand-in.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import type { ProfileName } from '../../src/sandbox/profiles/profiles.ts';
import type { SandboxOptions } from '../../src/sandbox/stand-in-api.ts';
import { blocksIn } from '../support/documents.ts';
import { query } from '../support/published.ts';
import { projectRoot } from '../support/repository.ts';
import { useSandbox } from '../support/sandbox.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { runCommand } from '../support/terminal.ts';

const examples: Readonly<Record<string, ProfileName>> = {
  dezgo: 'dezgo',
  'dezgo-rapidapi': 'rapidapi',
  segmind: 'segmind',
};

/** A copy of the example, as its user makes one, and the service that it asks. */
async function exampleOf(name: string, options: SandboxOptions = {}) {
  const profile = examples[name] ?? 'dezgo';
  const sandbox = await useSandbox({ profile, ...options });
  const cwd = await tempFolder();
  await cp(join(projectRoot, 'examples', name), cwd, { recursive: true });
  const yaml = await readFile(join(cwd, 'pipeline.config.yaml'), 'utf8');
  await writeFile(join(cwd, 'pipeline.config.yaml'), yaml.replace('every: 2s', 'every: 5ms'));
  const {
    DESTINATION__DUCKDB__CREDENTIALS: _,
    PIPELINE__WORKING_DIR: __,
    ...env
  } = standInEnvironment(sandbox, profile);
  const config = await loadConfig('pipeline.config.yaml', { cwd, env });
  const readme = await readFile(join(cwd, 'README.md'), 'utf8');
  const commands = blocksIn(readme, 'bash')
    .flatMap((block) => block.split('\n'))
    .flatMap((line) => (line.startsWith('npx dezgo-elt ') ? [line.split(' ').slice(2)] : []));
  const queries = blocksIn(readme, 'sql').flatMap((block) => block.split(';').filter((sql) => sql.trim() !== ''));
  const file = join(cwd, `${config.pipeline.name}.duckdb`);
  return {
    cwd,
    sandbox,
    config,
    commands,
    queries,
    run: (...args: readonly string[]) => runCommand(args, { cwd, env }),
    rows: (sql: string) => query(file, sql, config.pipeline.dataset_name),
  };
}

/** The resources that cost money, which no command of its README has named. */
function unnamed({ config, commands }: Awaited<ReturnType<typeof exampleOf>>): string[] {
  const named = new Set(commands.flat());
  return config.source.resources.flatMap(({ name, endpoint }) => (endpoint?.paid && !named.has(name) ? [name] : []));
}

describe.each(Object.keys(examples))('the example %s', (name) => {
  it("runs as its README says, asks for what the service has, and answers the README's SQL", async () => {
    const example = await exampleOf(name);
    const { commands, queries, run, rows, sandbox, config } = example;
    expect(commands.map(([command]) => command)).toEqual(expect.arrayContaining(['validate', 'run', 'info']));
    for (const args of commands) expect(await run(...args), args.join(' ')).toMatchObject({ code: 0 });
    const others = unnamed(example);
    if (others.length > 0) expect(await run('run', '--allow-paid', ...others)).toMatchObject({ code: 0 });
    // Jobs that were started are read by the run after it, and their images by the next.
    if (name === 'dezgo')
      for (const again of [1, 2]) expect(await run('run'), `run ${again}`).toMatchObject({ code: 0, stderr: '' });
    for (const sql of queries) expect(await rows(sql), sql).not.toEqual([]);

    const asked = new Set(
      sandbox.requests.map(({ method, path }) => `${method} ${path.split('/').slice(0, 3).join('/')}`),
    );
    expect(asked.size).toBeGreaterThanOrEqual(config.source.resources.length - 1);
    for (const { name: resource, endpoint } of config.source.resources.filter(({ endpoint: { paid } = {} }) => paid)) {
      const costs = await rows(`select * from ${config.pipeline.dataset_name}.${resource}`);
      expect(costs, `${resource} ${JSON.stringify(endpoint?.cost)}`).not.toEqual([]);
    }
  });

  it('is described by the stand-in, whole', async () => {
    const { sandbox, config } = await exampleOf(name);
    const { paths } = JSON.parse(await (await fetch(`${sandbox.url}/openapi.json`)).text());
    for (const { endpoint } of config.source.resources) {
      const method = endpoint?.method.toLowerCase() ?? '';
      expect(Object.keys(paths[`/${endpoint?.path}`] ?? {}), endpoint?.path).toContain(method);
    }
  });
});

it('segmind without credits ends with 8, and names the page where there are more', async () => {
  const { run } = await exampleOf('segmind', { credits: 0.001 });
  const { code, stderr } = await run('run', 'fast_flux_schnell', '--allow-paid');
  expect({ code, stderr }).toEqual({
    code: 8,
    stderr: expect.stringMatching(/Insufficient credits.*segmind\.com\/pricing/),
  });
});

it('what costs credits waits on RapidAPI until they are given anew, and is paid once', async () => {
  let asked: readonly unknown[] = [];
  // Their time comes with the third request, however long the others take.
  const now = () => Date.UTC(2026, 0, 31) + (asked.length > 2 ? 1000 : 0);
  const { run, rows, cwd, sandbox } = await exampleOf('dezgo-rapidapi', { credits: 30, creditsResetAfter: 1000, now });
  asked = sandbox.requests;
  const file = join(cwd, 'pipeline.config.yaml');
  await writeFile(file, (await readFile(file, 'utf8')).replace('min_balance: 100', ''));
  expect(await run('run', 'text2image', '--allow-paid')).toMatchObject({ code: 0 });
  expect(await rows('select credits::int as credits from text2image')).toEqual([{ credits: 19 }, { credits: 19 }]);
  expect(asked).toHaveLength(3);
});
