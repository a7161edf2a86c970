import { createHash } from 'node:crypto';
import type { Connection } from '../duckdb/connection.ts';
import { obstacleError } from '../duckdb/file-errors.ts';
import { attachPrivate } from '../duckdb/private-file.ts';
import { PipelineError } from '../errors.ts';
import { PACKAGE, type PackageInfo, type PackageResource, type PackageTable } from '../package/layout.ts';
import { readInfo, readResources, readTables } from '../package/package-books.ts';
import type { PackageLabel } from '../package/package-label.ts';
import type { PackageTrace } from '../trace.ts';
import type { Run } from './open-run.ts';

/** What a package file tells about itself. */
export interface PackageContents {
  readonly info: PackageInfo;
  readonly resources: readonly PackageResource[];
  readonly tables: readonly PackageTable[];
}

/**
 * Attaches the file of a package; undefined, and nothing attached, when it is none or was never begun properly.
 *
 * @throws PipelineError what does not make it a bad package: somebody holds it, a right is missing, a link or FIFO is in its place.
 */
export async function attachPackage(run: Run, loadId: string): Promise<PackageContents | undefined> {
  const path = run.packages.file(loadId);
  try {
    await attachPrivate(run.database, path, PACKAGE);
  } catch (error) {
    const obstacle = error instanceof PipelineError ? error : obstacleError(error, path);
    if (obstacle !== undefined) throw obstacle;
    return undefined; // killed while the file was made, or damaged: the caller moves it aside and says so
  }
  const connection = await run.database.connect();
  try {
    const info = await readInfo(connection);
    if (info !== undefined)
      return { info, resources: await readResources(connection), tables: await readTables(connection) };
  } finally {
    connection.close();
  }
  await detachPackage(run);
  return undefined;
}

/** Whose packages a run may load or drop: pipelines that share a working folder do not touch each other's. */
export function packageOwner({
  config: { pipeline },
  location,
}: Run): Pick<PackageInfo, 'pipeline_name' | 'dataset_name' | 'destination'> {
  return { pipeline_name: pipeline.name, dataset_name: pipeline.dataset_name, destination: location };
}

/** Whether a package is one that a run of this pipeline may load or drop. */
export function isOwn(
  { config: { pipeline }, location }: Pick<Run, 'config' | 'location'>,
  owner: Pick<PackageLabel, 'pipeline' | 'dataset' | 'destination'>,
): boolean {
  return owner.pipeline === pipeline.name && owner.dataset === pipeline.dataset_name && owner.destination === location;
}

/** Tells whether other credentials are in use, and nothing about them: salted, so that it differs from package to package. */
export function credentialsMark({ config }: Run, loadId: string): string {
  const prints = config.secrets.filter(({ isMissing }) => !isMissing).map((secret) => secret.fingerprint(loadId));
  return createHash('sha256').update(prints.join()).digest('hex').slice(0, 16);
}

/** Without a checkpoint: a package that was loaded is only kept for a look. */
export async function detachPackage(run: Run): Promise<void> {
  await run.database.detach(PACKAGE);
}

/** Into `rejected/`, where the last few are kept for a look, one at least, with what made it end there. */
export async function setPackageAside(run: Run, loadId: string, thrown: unknown): Promise<void> {
  const { config, packages, trace } = run;
  packages.tellFailure(loadId, trace.reasonOf(thrown));
  const keep = Math.max(1, config.pipeline.keep_packages);
  const gone = await packages.moveToRejected(loadId, keep);
  const file = packages.file(loadId, 'rejected');
  trace.note(
    `No run loads package ${loadId} any more. To look into it: \`dezgo-elt packages show ${loadId}\`; to load it all the same: \`dezgo-elt packages retry ${loadId}\`; to be rid of it: \`dezgo-elt packages drop ${loadId}\`. It is ${file}`,
  );
  for (const old of gone)
    trace.note(`Package ${old}, set aside before, was removed: ${keep} are kept (\`pipeline.keep_packages\`)`);
}

/** What the trace says of a package that was not loaded. */
export function notLoaded(
  loadId: string,
  state: 'rejected' | 'pending',
  how: Pick<PackageTrace, 'complete' | 'recovered' | 'expectations'>,
): PackageTrace {
  return { loadId, state, tables: [], schemaChanges: [], ...how };
}

export async function withConnection<T>(
  run: Pick<Run, 'database'>,
  work: (connection: Connection) => Promise<T>,
): Promise<T> {
  const connection = await run.database.connect();
  try {
    return await work(connection);
  } finally {
    connection.close();
  }
}
