import { rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { PipelineError } from '../errors.ts';
import { absentIsUndefined } from '../files/reason.ts';
import type { Connection } from './connection.ts';
import { Database } from './database.ts';
import { quotedString } from './quote.ts';

/** DuckDB's own extensions that destinations use, and what their files are called. */
const files = {
  ducklake: 'ducklake',
  httpfs: 'httpfs',
  azure: 'azure',
  postgres: 'postgres_scanner',
  sqlite: 'sqlite_scanner',
  aws: 'aws',
} as const;

export type ExtensionName = keyof typeof files;
export const extensionNames: readonly ExtensionName[] = ['ducklake', 'httpfs', 'aws', 'azure', 'postgres', 'sqlite'];

export interface InstalledExtension {
  readonly name: ExtensionName;
  /** Of the extension itself. */
  readonly version: string;
  readonly path: string;
}

/**
 * Loads extensions that are installed. Nothing is downloaded.
 *
 * @param directory where they are installed; undefined: DuckDB's own, in the home folder
 * @throws PipelineError ExtensionMissing: one is not there, or no good
 */
export async function loadExtensions(
  connection: Connection,
  names: readonly ExtensionName[],
  directory: string | undefined,
): Promise<void> {
  if (directory !== undefined) await connection.run(`set global extension_directory = ${quotedString(directory)}`);
  for (const name of names) {
    await connection.run(`load ${name}`).catch((error: unknown) => {
      throw notLoaded(name, error);
    });
  }
}

/**
 * Installs an extension for this version of DuckDB, or anew, and loads it once. DuckDB looks at its signature first.
 *
 * @param from a file, or a folder with one. Default: DuckDB's own repository
 * @throws PipelineError UsageInvalid: there is no such file, or it is no good; DestinationFailed: the download, the folder
 */
export async function installExtension(
  name: ExtensionName,
  { from, directory }: { readonly from?: string | undefined; readonly directory?: string | undefined },
): Promise<InstalledExtension> {
  const file = from === undefined ? undefined : await extensionFile(name, from);
  const database = await Database.open();
  try {
    const connection = await database.connect();
    if (directory !== undefined) await connection.run(`set global extension_directory = ${quotedString(directory)}`);
    await connection.run(`force install ${file === undefined ? name : quotedString(file)}`).catch((error: unknown) => {
      throw file === undefined ? notDownloaded(name, error) : notInstalled(name, file, error);
    });
    const installed = await installedExtension(connection, name);
    await connection.run(`load ${name}`).catch(async (error: unknown) => {
      await rm(installed.path, { force: true });
      throw notInstalled(name, file ?? installed.path, error);
    });
    return await installedExtension(connection, name);
  } finally {
    database.close();
  }
}

// --- internal ---

async function installedExtension(connection: Connection, name: ExtensionName): Promise<InstalledExtension> {
  const row = await connection.row(
    'select install_path, extension_version from duckdb_extensions() where extension_name = ?',
    [files[name]],
  );
  return { name, version: String(row?.extension_version), path: String(row?.install_path) };
}

/** DuckDB installs a file under the name that the file has. */
async function extensionFile(name: ExtensionName, from: string): Promise<string> {
  const wanted = `${files[name]}.duckdb_extension`;
  const found = await stat(from).catch(absentIsUndefined);
  if (found?.isDirectory() === true) {
    for (const file of [wanted, `${wanted}.gz`]) {
      if ((await stat(join(from, file)).catch(absentIsUndefined)) !== undefined) return join(from, file);
    }
  } else if (found !== undefined && [wanted, `${wanted}.gz`].includes(basename(from))) {
    return from;
  }
  throw new PipelineError({
    code: 'UsageInvalid',
    message: found?.isFile() === true ? `${from} is not called ${wanted}.` : `There is no ${wanted} in ${from}.`,
    hint: `Name the file of the extension \`${name}\`, which is called ${wanted} (or .gz), or the folder that it is in.`,
    facts: { extension: name, path: from },
  });
}

function notLoaded(name: ExtensionName, thrown: unknown): PipelineError {
  const text = textOf(thrown);
  const isAbsent = /^IO Error: Extension ".*" not found/.test(text);
  const [, path] = /"([^"\n]+)"/.exec(text) ?? [];
  return new PipelineError({
    code: 'ExtensionMissing',
    message: isAbsent
      ? `DuckDB's extension \`${name}\` is not installed: there is no ${path}. A run downloads no code.`
      : `DuckDB's extension \`${name}\` cannot be loaded: ${text}`,
    hint: `Install it once, as the user that runs: dezgo-elt install-extension ${name}`,
    facts: { extension: name, path },
    cause: thrown,
  });
}

function notInstalled(name: ExtensionName, file: string, thrown: unknown): PipelineError {
  return new PipelineError({
    code: 'UsageInvalid',
    message: `${file} is not installed: ${textOf(thrown)}`,
    hint: `It has to be the extension \`${name}\` as DuckDB publishes it, for the version and platform that \`dezgo-elt doctor\` names.`,
    facts: { extension: name, path: file },
    cause: thrown,
  });
}

function notDownloaded(name: ExtensionName, thrown: unknown): PipelineError {
  return new PipelineError({
    code: 'DestinationFailed',
    message: `DuckDB's extension \`${name}\` was not installed: ${textOf(thrown)}`,
    hint: `Where this machine does not reach DuckDB's repository, copy the file from one that does: dezgo-elt install-extension ${name} --from ${files[name]}.duckdb_extension.gz`,
    facts: { extension: name },
    cause: thrown,
  });
}

/** In one line, without what is meant for DuckDB's own shell. */
function textOf(thrown: unknown): string {
  const text = thrown instanceof Error ? thrown.message : String(thrown);
  const lines = (text.split(/\n\n(?:For more|Install it|Candidate)/, 1)[0] ?? text).split('\n');
  return lines
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join('. ');
}
