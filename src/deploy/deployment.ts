import { PipelineError } from '../errors.ts';
import type { Schedule } from './schedule.ts';

/** What files for a scheduler are made of. Paths are absolute. */
export interface Deployment {
  /** Name of the pipeline: lower-case letters, digits, `_`. */
  readonly pipeline: string;
  readonly config: string;
  /** That of the configuration. */
  readonly folder: string;
  /** `-c FILE`, and `--secrets FILE` where one was named. */
  readonly options: readonly string[];
  /** As `--secrets` named it, or `secrets.yaml` beside the configuration. */
  readonly secretsFile: string;
  /** Whether a run reads that file: it is there, or nothing else holds the secrets that are needed. */
  readonly readsSecretsFile: boolean;
  /** Variables that may hold the secrets. */
  readonly variables: readonly string[];
  /** Node and the program. */
  readonly program: readonly string[];
  /** The DuckDB file. */
  readonly destination: string;
  readonly workingDir: string;
  /** Folders that a run writes to. */
  readonly writable: readonly string[];
  /** The same, of files for others, outside of these: a run does without them where they are not there. */
  readonly writableIfThere: readonly string[];
  readonly metricsFile: string | undefined;
  /** Of OpenLineage. */
  readonly lineageFile: string | undefined;
  readonly exportSchemaPath: string | undefined;
  readonly filesDir: string;
  readonly project: DeployedProject;
  readonly schedule: Schedule;
  /** Milliseconds after which a scheduler ends what `pipeline.timeout` should have ended; undefined without one. */
  readonly longest: number | undefined;
  /** Who runs it; undefined for root. */
  readonly user: string | undefined;
  /** How GitHub keeps the DuckDB file from run to run. */
  readonly keep: 'artifact' | 'branch';
}

/** What is checked out or built elsewhere. */
export interface DeployedProject {
  /** The folder with `package.json`, of which the configuration is a part. */
  readonly folder: string;
  /** Of git; the same folder, or one above it. */
  readonly repository: string;
  /** Whether it is this program itself, and not one that has it as a dependency. */
  readonly isProgram: boolean;
  /** There is no `package.json`. */
  readonly isMissing: boolean;
}

export interface DeployFile {
  /** Relative; `/` between folders. */
  readonly path: string;
  readonly content: string;
}

/** `dezgo-elt-NAME`, with dashes: fit for units, workflows and images. */
export function deployedName({ pipeline }: Pick<Deployment, 'pipeline'>): string {
  return `dezgo-elt-${pipeline.replaceAll('_', '-')}`;
}

/** A path that this scheduler has no way to write. */
export function unwritable(target: string, path: string, what: string): PipelineError {
  return new PipelineError({
    code: 'UsageInvalid',
    message: `A path with ${what} cannot stand in ${target}: ${JSON.stringify(path)}.`,
    hint: 'Give the folder another name, or make a symbolic link to it and name that with `-c`.',
    facts: { path },
  });
}
