import { execFile } from 'node:child_process';
import { cp, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { projectRoot } from '../support/repository.ts';
import { shared } from '../support/shared.ts';
import { tempFolder } from '../support/temp-folder.ts';

const execute = promisify(execFile);
const own = join(projectRoot, 'node_modules');
/**
 * An empty project with what the tarball holds, packed in a copy, since packing builds and others use `dist/`. Its dependencies are those of the clone, so that nothing is asked of a registry.
 */
const project = shared(async () => {
  const folder = await tempFolder({ 'package.json': '{ "private": true, "type": "commonjs" }' });
  const clone = await tempFolder();
  const parts = (await readdir(projectRoot)).filter(
    (name) => !/^(\.git|\.dezgo-elt|node_modules|dist|test|bench|demo)$/.test(name),
  );
  for (const name of parts) await cp(join(projectRoot, name), join(clone, name), { recursive: true });
  await symlink(own, join(clone, 'node_modules'));
  const pack = ['pack', '--json', '--silent', '--pack-destination', folder];
  const { stdout } = await execute('npm', pack, { cwd: clone });
  const [packed]: [Packed] = JSON.parse(stdout.slice(stdout.search(/^\[/m)));
  const modules = join(folder, 'node_modules');
  const installed = join(modules, 'dezgo-elt');
  await mkdir(join(modules, '@types'), { recursive: true });
  await mkdir(installed);
  await execute('tar', ['-xzf', join(folder, packed.filename), '--strip-components=1', '-C', installed]);
  const { dependencies } = JSON.parse(await readFile(join(installed, 'package.json'), 'utf8'));
  const names = new Set(Object.keys(dependencies).map((name) => name.replace(/\/.*/, '')));
  for (const name of [...names, '@types/node', 'undici-types']) await symlink(join(own, name), join(modules, name));
  return { folder, packed, installed };
});

interface Packed {
  readonly filename: string;
  readonly files: readonly { readonly path: string }[];
  readonly size: number;
  readonly unpackedSize: number;
}

async function run(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const { folder, installed } = await project();
  const cli = join(installed, 'dist/bin/cli.js');
  const options = { cwd: folder, env: { PATH: process.env.PATH, ...env } };
  const failed = (thrown: { stdout: string; stderr: string }) => thrown;
  const { stdout, stderr } = await execute(process.execPath, [cli, ...args], options).catch(failed);
  return stdout + stderr;
}

test('it is at most 60 files and 1 MB', async () => {
  const { packed } = await project();
  expect(packed.files.length).toBeLessThanOrEqual(60);
  expect(packed.size).toBeLessThanOrEqual(1_000_000);
  expect(packed.unpackedSize).toBeLessThanOrEqual(5_000_000);
});

test('the command line runs in an empty project, with what it ships', async () => {
  expect(await run(['demo'])).toContain('The rows are in demo/dezgo_api_pipeline.duckdb');
  const config = 'node_modules/dezgo-elt/pipeline.config.yaml';
  expect(await run(['validate', '-c', config], { DEZGO_API_KEY: 'k' })).toContain('A run requests:');
  expect(await run(['validate', '-c', config])).toContain('The secret `api_key` was not found.');
});

test('the library is imported from CommonJS, and its schemas are read', async () => {
  const { folder } = await project();
  const program = `
    import('dezgo-elt').then(async ({ runPipeline }) => {
      const resources = [{ name: 'events', data: () => [{ id: 1 }] }];
      const trace = await runPipeline({ pipeline: { name: 'p' }, source: { name: 's', resources } });
      const { version } = require('dezgo-elt/package.json');
      console.log(trace.exitCode, version, typeof require('dezgo-elt/config.schema.json').properties);
    });`;
  const { stdout } = await execute(process.execPath, ['-e', program], { cwd: folder });
  const { version } = JSON.parse(await readFile(join(projectRoot, 'package.json'), 'utf8'));
  expect(stdout).toBe(`0 ${version} object\n`);
});

test('clients of destinations are those of the project, and missing ones are told', async () => {
  const { folder } = await project();
  const config = `
pipeline: { name: p, destination: { type: postgres, credentials: { connection_string: 'postgresql://u:p@127.0.0.1:1/d' } } }
source: { name: s, client: { base_url: 'http://127.0.0.1:1/' }, resources: [a] }
`;
  await writeFile(join(folder, 'pg.yaml'), config);
  expect(await run(['run', '-c', 'pg.yaml'])).toContain('`npm install pg pg-copy-streams`');
  for (const name of (await readdir(own)).filter((each) => /^(pg|postgres|obuf|xtend|split2)/.test(each))) {
    await symlink(join(own, name), join(folder, 'node_modules', name));
  }
  expect(await run(['run', '-c', 'pg.yaml'])).not.toContain('npm install');
});

const strict = { strict: true, exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true, skipLibCheck: false };

test.each([
  ['nodenext', 'nodenext', ['program.mts', 'program.cts']],
  ['esnext', 'bundler', ['program.ts']],
])('its types compile a strict program: module %s, resolution %s', async (module, moduleResolution, files) => {
  const { folder } = await project();
  for (const file of files) await writeFile(join(folder, file), programFor(file));
  const compilerOptions = { ...strict, noEmit: true, target: 'es2022', module, moduleResolution, types: ['node'] };
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files }));
  const compiler = join(own, 'typescript/bin/tsc');
  const compiled = execute(process.execPath, [compiler, '-p', folder], { cwd: folder });
  const { stdout } = await compiled.catch((failed: { stdout: string }) => failed);
  expect(stdout).toBe('');
});

/** CommonJS imports when it runs, and types as those of a module. */
function programFor(file: string): string {
  const isCommon = file.endsWith('.cts');
  return `
    ${isCommon ? '' : "import { loadConfig, runPipeline } from 'dezgo-elt';"}
    import type { ConfigFileInput } from 'dezgo-elt' ${isCommon ? "with { 'resolution-mode': 'import' }" : ''};
    const config: ConfigFileInput = { pipeline: { name: 'p' }, source: { name: 's', resources: ['models'] } };
    // @ts-expect-error: no such key
    config.pipelin = 1;
    export async function code(): Promise<number> {
      ${isCommon ? "const { loadConfig, runPipeline } = await import('dezgo-elt');" : ''}
      await loadConfig('pipeline.config.yaml');
      return (await runPipeline(config, { resources: ['models'] })).exitCode;
    }`;
}

test('the program can be started, and keeps no source maps', async () => {
  const { installed } = await project();
  const bin = join(installed, 'dist/bin');
  expect((await stat(join(bin, 'cli.js'))).mode & 0o111).not.toBe(0);
  expect((await readdir(bin)).filter((name) => name.endsWith('.map'))).toEqual([]);
});
