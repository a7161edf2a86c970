import type { Database } from '../duckdb/database.ts';
import { obstacleError } from '../duckdb/file-errors.ts';
import { requireOwn } from '../duckdb/private-file.ts';
import { PipelineError } from '../errors.ts';
import { PACKAGE, type PackageInfo, type PackageResource, type PackageTable } from './layout.ts';
import { type KeptOut, readInfo, readKeptOut, readResources, readTables } from './package-books.ts';

/** What a package file tells those who only look. */
export interface PackageInside {
  readonly info: PackageInfo;
  readonly resources: readonly PackageResource[];
  readonly tables: readonly PackageTable[];
  readonly keptOut: readonly KeptOut[];
}

/**
 * Reads a package file without changing it; undefined where it is none, or was never begun properly.
 *
 * @throws PipelineError what does not make it a bad package: somebody holds it, a right is missing, a link or FIFO is in its place
 */
export async function readPackage(database: Database, path: string): Promise<PackageInside | undefined> {
  try {
    requireOwn(path);
    await database.attach(path, PACKAGE, { readOnly: true });
  } catch (error) {
    const obstacle = error instanceof PipelineError ? error : obstacleError(error, path);
    if (obstacle !== undefined) throw obstacle;
    return undefined;
  }
  const connection = await database.connect();
  try {
    const info = await readInfo(connection);
    if (info === undefined) return undefined;
    const [resources, tables] = [await readResources(connection), await readTables(connection)];
    return { info, resources, tables, keptOut: await readKeptOut(connection) };
  } finally {
    connection.close();
    await database.detach(PACKAGE);
  }
}
