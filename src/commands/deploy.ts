import { existsSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { PipelineConfig } from '../config/pipeline-config.ts';
import { deployTargets } from '../deploy/deploy-targets.ts';
import type { DeployedProject, DeployFile, Deployment } from '../deploy/deployment.ts';
import { parseSchedule } from '../deploy/schedule.ts';
import type { DeployTarget } from '../deploy/target-names.ts';
import { exitCodes, PipelineError } from '../errors.ts';
import { makeFolder } from '../files/folder.ts';
import { errorCode, reasonOf } from '../files/reason.ts';
import { failureMembers, jsonDocument } from '../report/json-report.ts';
import { quotedCommand, quotedWord } from '../text/quoted-command.ts';
import { loadProject } from './load-project.ts';
import { openLog } from './open-log.ts';
import { requireFile } from './require-file.ts';
import type { CommonOptions, OutputFormat, Terminal } from './terminal.ts';

export interface DeployOptions extends CommonOptions {
  readonly schedule: string;
  readonly output?: string;
  readonly force?: boolean;
  readonly keep: Deployment['keep'];
  readonly format: OutputFormat;
}

/** `dezgo-elt deploy TARGET`: the files by which a scheduler runs this pipeline, printed, or written into a folder. */
export async function deployCommand(
  terminal: Terminal,
  options: DeployOptions,
  [target]: readonly string[],
): Promise<number> {
  const log = openLog(terminal, options);
  const config = await loadProject(terminal, options, log);
  const deployment = deploymentOf(config, terminal, options);
  if (deployment.program.some((part) => /[\\/]_npx[\\/]/.test(part))) {
    log.warn('npx has put this program into its cache, which it may clean: install it, and run `deploy` from there.');
  }
  if (deployment.project.isMissing && ['github-actions', 'docker'].includes(target ?? '')) {
    log.warn(
      `There is no package.json in ${deployment.folder} or above it: \`npm ci\` needs one that has dezgo-elt among its dependencies.`,
    );
  }
  // The command line takes no other targets.
  const files = deployTargets[target as DeployTarget](deployment);
  const folder = options.output === undefined ? undefined : resolve(terminal.cwd, options.output);
  const written = folder === undefined ? [] : await writeFiles(files, folder, options.force === true);
  if (options.format === 'json') terminal.print(jsonDocument({ target, files, written, ...failureMembers(undefined) }));
  else if (folder === undefined) terminal.print(shown(files));
  else if (options.quiet !== true) terminal.print(written.join('\n'));
  return exitCodes.ok;
}

// --- internal ---

function deploymentOf(config: PipelineConfig, terminal: Terminal, options: DeployOptions): Deployment {
  const { pipeline } = config;
  const file = config.file ?? resolve(terminal.cwd, options.config);
  const folder = dirname(file);
  const given = options.secrets === undefined ? undefined : resolve(terminal.cwd, options.secrets);
  const ownOptions = ['-c', file, ...(given === undefined ? [] : ['--secrets', given])];
  const started = quotedCommand([...terminal.program, ...ownOptions, 'run', '--quiet']);
  requireFile(
    config,
    '`deploy` writes what a run needs that loads into a DuckDB file',
    `Let the scheduler start \`cd ${quotedWord(folder)} && ${started}\`, with the variables of the credentials; docs/cron.md says what its exit codes mean.`,
  );
  const secretsFile = given ?? join(folder, 'secrets.yaml');
  const { metrics_file, openlineage, export_schema_path } = pipeline;
  const { destination } = pipeline;
  const { files_dir } = destination;
  const path = 'path' in destination ? destination.path : files_dir;
  // The folder itself may not be there yet, and a file is renamed within its folder.
  const writable = foldersOf([path, pipeline.working_dir, files_dir, export_schema_path]);
  const told = foldersOf([metrics_file, openlineage?.file]);
  return {
    pipeline: pipeline.name,
    config: file,
    folder,
    options: ownOptions,
    secretsFile,
    readsSecretsFile: existsSync(secretsFile) || (config.secretVariables.length > 0 && !hasOtherPlaces(config, folder)),
    variables: config.secretVariables.filter((name) => /^[A-Za-z_]\w*$/.test(name)),
    program: terminal.program,
    destination: path,
    workingDir: pipeline.working_dir,
    filesDir: files_dir,
    writable,
    writableIfThere: told.filter((one) => outermost([...writable, one]).includes(one) && !writable.includes(one)),
    metricsFile: metrics_file,
    lineageFile: openlineage?.file,
    exportSchemaPath: export_schema_path,
    project: projectOf(folder),
    schedule: parseSchedule(options.schedule),
    longest: pipeline.timeout,
    user: userName(),
    keep: options.keep,
  };
}

function hasOtherPlaces({ envFile, secrets }: PipelineConfig, folder: string): boolean {
  const isAsked = secrets.some(({ isAwaited }) => isAwaited);
  return envFile !== undefined || isAsked || existsSync(join(folder, '.dlt', 'secrets.toml'));
}

function projectOf(folder: string): DeployedProject {
  const project = above(folder, 'package.json');
  const found = project ?? folder;
  return {
    folder: found,
    repository: above(found, '.git') ?? found,
    isProgram: packageName(found) === 'dezgo-elt',
    isMissing: project === undefined,
  };
}

/** The nearest folder, from this one up, that has such a member. */
function above(folder: string, member: string): string | undefined {
  if (existsSync(join(folder, member))) return folder;
  const parent = dirname(folder);
  return parent === folder ? undefined : above(parent, member);
}

function packageName(folder: string): unknown {
  try {
    const content: unknown = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    return typeof content === 'object' && content !== null && 'name' in content ? content.name : undefined;
  } catch {
    return undefined;
  }
}

function foldersOf(places: readonly (string | undefined)[]): string[] {
  return outermost(places.flatMap((place) => (place === undefined ? [] : [dirname(place)])));
}

/** Without those that lie within others. */
function outermost(folders: readonly string[]): string[] {
  const isWithin = (inner: string, outer: string) => inner !== outer && inner.startsWith(join(outer, '/'));
  return [...new Set(folders)].filter((folder) => !folders.some((other) => isWithin(folder, other)));
}

/** Undefined for root, and for a user without a name. */
function userName(): string | undefined {
  try {
    const { uid, username } = userInfo();
    return uid === 0 || !/^[a-z_][\w.-]*\$?$/i.test(username) ? undefined : username;
  } catch {
    return undefined;
  }
}

function shown(files: readonly DeployFile[]): string {
  if (files.length === 1) return files.map(({ content }) => content.trimEnd()).join('');
  return files.map(({ path, content }) => `# ---- ${path} ----\n${content.trimEnd()}`).join('\n\n');
}

/** The paths. Nothing is written where one of them is there already. */
async function writeFiles(files: readonly DeployFile[], folder: string, force: boolean): Promise<string[]> {
  const paths = files.map(({ path }) => join(folder, path));
  const present = paths.filter((path) => existsSync(path));
  if (present.length > 0 && !force) throw inTheWay(present);
  for (const { path, content } of files) {
    const target = join(folder, path);
    try {
      await makeFolder(dirname(target));
      await writeFile(target, content, { flag: force ? 'w' : 'wx' });
    } catch (cause) {
      if (errorCode(cause) === 'EEXIST' && !force) throw inTheWay([target]);
      throw new PipelineError({
        code: 'UsageInvalid',
        message: `${target} cannot be written: ${reasonOf(cause)}`,
        hint: 'Name another folder with `--output`.',
        facts: { path: target },
        cause,
      });
    }
  }
  return paths;
}

function inTheWay(paths: readonly string[]): PipelineError {
  return new PipelineError({
    code: 'UsageInvalid',
    message: `Nothing was written, because ${paths.join(' and ')} ${paths.length === 1 ? 'is' : 'are'} there already.`,
    hint: 'Name another folder with `--output`, or overwrite with `--force`.',
    facts: { paths },
  });
}
