import { execFile } from 'node:child_process';
import { cp, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, normalize, relative } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { documents, linksIn } from './support/documents.ts';
import { projectRoot } from './support/repository.ts';
import { tempFolder } from './support/temp-folder.ts';

const execute = promisify(execFile);

it('the library is what `import … from "dezgo-elt"` gives', async () => {
  const program = "import * as library from 'dezgo-elt'; console.log(Object.keys(library).sort().join(' '))";
  const { stdout } = await execute(process.execPath, ['--input-type=module', '-e', program], { cwd: projectRoot });
  expect(stdout.trim().split(' ')).toEqual([
    'PipelineError',
    'Secret',
    'dataset',
    'exitCodes',
    'lastRuns',
    'loadConfig',
    'readTable',
    'realEffects',
    'resolveConfig',
    'runEvents',
    'runPipeline',
    'silentLog',
    'textReport',
  ]);
});

it('its types compile a program that uses it, strictly, without those of anything else', async () => {
  const folder = await tempFolder();
  const program = `
    import { type ConfigFileInput, dataset, PipelineError, readTable, runPipeline, type Trace } from 'dezgo-elt';
    const config: ConfigFileInput = { pipeline: { name: 'p' }, source: { name: 's', resources: ['models'] } };
    export const code = async (): Promise<number> => {
      const trace: Trace = await runPipeline(config, { resources: ['models'] });
      for await (const row of readTable(config, 'models')) void row.id;
      return trace.failure === undefined ? trace.exitCode : -1;
    };
    interface Tables { readonly models: { readonly id: string; readonly name: string | null } }
    const models = dataset<Tables>(config).table('models');
    export const names = async (): Promise<{ readonly name: string | null }[]> =>
      models.select('name').where({ id: ['a', 'b'] }).orderBy('id').limit(2).rows();
    // @ts-expect-error: no such column
    models.select('nme');
    // @ts-expect-error: no such table
    dataset<Tables>(config).table('modles');
    // @ts-expect-error: types that were not found would take any key
    config.pipelin = 1;
    export const isOurs = (thrown: unknown): boolean => thrown instanceof PipelineError && thrown.hint !== '';
  `;
  await writeFile(join(folder, 'program.mts'), program);
  await mkdir(join(folder, 'node_modules'));
  await symlink(projectRoot, join(folder, 'node_modules', 'dezgo-elt'));
  const options = [
    '--noEmit',
    '--strict',
    '--module',
    'nodenext',
    '--target',
    'es2023',
    '--types',
    '',
    '--skipDefaultLibCheck',
    '--singleThreaded',
  ];
  const compiler = join(projectRoot, 'node_modules/typescript/bin/tsc');
  const compiled = execute(process.execPath, [compiler, ...options, 'program.mts'], { cwd: folder });
  const { stdout } = await compiled.catch((failed: { stdout: string }) => failed);
  expect(stdout).toBe('');
});

it('no file that commands share imports a library, but what opens DuckDB its driver', async () => {
  const folder = join(projectRoot, 'dist/bin');
  const names = (await readdir(folder)).filter((name) => name.endsWith('.js') && !name.endsWith('duckdb.js'));
  expect(names).toContain('more.js');
  for (const name of names) {
    const text = await readFile(join(folder, name), 'utf8');
    const imported = [...text.matchAll(/^(?:import|export)\b[^;'"]*["']([^"']+)["'];/gm)].map(([, path = '']) => path);
    expect({ name, libraries: imported.filter((path) => !/^(node:|\.)/.test(path)) }).toEqual({ name, libraries: [] });
  }
  const opens = await readFile(join(folder, 'run-duckdb.js'), 'utf8');
  expect(opens.match(/^import .* from "[@a-z].*/gm)?.filter((line) => !line.includes('"node:'))).toEqual([
    expect.stringContaining('"@duckdb/node-bindings"'),
  ]);
});

it('the package is small, and holds what its description names, types too, and what its documents link to', async () => {
  const description = JSON.parse(await readFile(join(projectRoot, 'package.json'), 'utf8'));
  const named = pathsIn([description.exports, description.bin]);
  expect(named).toContain('dist/bin/index.d.ts');
  const { stdout } = await execute('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
    cwd: await emptyFilesOfThePackage(),
  });
  const [{ files }]: [{ files: { path: string }[] }] = JSON.parse(stdout);
  const packed = files.map(({ path }) => path);
  expect(named.filter((path) => !packed.includes(path))).toEqual([]);
  expect(packed.filter((path) => /^(src|test)\/|secrets\.yaml$|tsbuildinfo$|\.map$/.test(path))).toEqual([]);
  expect(packed.length).toBeLessThanOrEqual(60);

  const linked = [...documents].flatMap(([from, text]) =>
    linksIn(text).map(({ path }) => normalize(path === '' ? from : join(dirname(from), path))),
  );
  expect(linked.filter((path) => !packed.includes(path))).toEqual([]);
});

/** The names are what matters here, and packing what is in the files takes seconds; of `src` and `test` some names do. */
async function emptyFilesOfThePackage(): Promise<string> {
  const folder = await tempFolder({ 'secrets.yaml': '', 'dist/.tsbuildinfo': '' });
  await cp(projectRoot, folder, {
    recursive: true,
    async filter(from, to) {
      const name = relative(projectRoot, from);
      if (/^(node_modules|\.git|\.dezgo-elt|coverage|demo|(src|test)\/[^.]+|dist\/(?!bin)[^.]+)$/.test(name))
        return false;
      if ((await stat(from)).isDirectory() || /^(package\.json|\.gitignore)$/.test(name)) return true;
      await writeFile(to, '');
      return false;
    },
  });
  return folder;
}

/** Every path in it, however deep. */
function pathsIn(value: unknown): string[] {
  if (typeof value === 'string') return [normalize(value)];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(pathsIn) : [];
}
