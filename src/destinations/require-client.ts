import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { silently } from '../effects.ts';
import { PipelineError } from '../errors.ts';

/**
 * Libraries that one kind of destination needs, and nobody else: the ranges are those of `peerDependencies` in package.json.
 *
 * @internal
 */
export const clients = {
  pg: '^8.16.0',
  'pg-copy-streams': '^6.0.6 || ^7.0.0',
  '@aws-sdk/client-s3': '^3.700.0',
  '@aws-sdk/lib-storage': '^3.700.0',
  '@azure/storage-blob': '^12.26.0',
  '@databricks/sql': '^2.1.0',
  '@google-cloud/bigquery': '^8.3.1 || ^9.0.0',
  '@google-cloud/storage': '^7.16.0 || ^8.0.0',
  'snowflake-sdk': '^3.3.0',
} as const;

export type ClientName = keyof typeof clients;

/** Those that are of no use without each other, so that one line installs them. */
const together: readonly (readonly ClientName[])[] = [
  ['pg', 'pg-copy-streams'],
  ['@aws-sdk/client-s3', '@aws-sdk/lib-storage'],
];

/**
 * The library, imported now.
 *
 * @throws PipelineError UsageInvalid: it is not installed, or in a version that was never tried; with the line that installs it
 *
 * @example
 * const { default: pg } = await requireClient('pg', () => import('pg'));
 */
export async function requireClient<Module>(name: ClientName, load: () => Promise<Module>): Promise<Module> {
  const range = clients[name];
  const found = versionOf(name);
  if (found !== undefined && !isWithin(found, range)) throw wrongVersion(name, found, range);
  try {
    return await load();
  } catch (cause) {
    if (found === undefined) throw notInstalled(name, range, cause);
    throw broken(name, found, cause);
  }
}

/**
 * All of them, for who uses them later.
 *
 * @throws PipelineError UsageInvalid, as `requireClient`
 */
export async function requireClients(names: readonly ClientName[]): Promise<void> {
  // Some warn of a Node that they run on.
  for (const name of names) await requireClient(name, () => silently(() => import(name)));
}

/**
 * The same as far as it is known without a look at what they hold, which takes part of a second.
 *
 * @throws PipelineError UsageInvalid: one is not installed, or in a version that was never tried
 */
export async function requireInstalled(names: readonly ClientName[]): Promise<void> {
  for (const name of names) {
    const found = versionOf(name);
    if (found === undefined) await requireClients([name]);
    else if (!isWithin(found, clients[name])) throw wrongVersion(name, found, clients[name]);
  }
}

/**
 * Whether a version is in a range such as `^7.16.0 || ^8.0.0`.
 *
 * @internal
 */
export function isWithin(version: string, range: string): boolean {
  const [major = 0, minor = 0, patch = 0] = numbersOf(version);
  return range.split('||').some((part) => {
    const [least = 0, leastMinor = 0, leastPatch = 0] = numbersOf(part);
    return major === least && (minor > leastMinor || (minor === leastMinor && patch >= leastPatch));
  });
}

// --- internal ---

function numbersOf(version: string): number[] {
  return version.split(/\D/).filter(Boolean).slice(0, 3).map(Number);
}

/** Of what an import from here would find; packages that do not export their package.json are looked up by folder. */
function versionOf(name: ClientName): string | undefined {
  const folders = createRequire(import.meta.url).resolve.paths(name) ?? [];
  const file = folders.map((folder) => join(folder, name, 'package.json')).find((path) => existsSync(path));
  if (file === undefined) return undefined;
  const read: unknown = JSON.parse(readFileSync(file, 'utf8'));
  return typeof read === 'object' && read !== null && 'version' in read ? String(read.version) : undefined;
}

/** In a clone of the repository npm takes an optional peer for settled, and installs it only where it is asked for as something else. */
function installLine(name: ClientName): string {
  const names = together.find((group) => group.includes(name)) ?? [name];
  const isClone = !import.meta.url.includes('/node_modules/');
  return `npm install ${isClone ? '--save-dev ' : ''}${names.join(' ')}`;
}

function notInstalled(name: ClientName, wanted: string, cause: unknown): PipelineError {
  return new PipelineError({
    code: 'UsageInvalid',
    message: `This destination needs the package \`${name}\`, which is not installed.`,
    hint: `Install it beside dezgo-elt: \`${installLine(name)}\`.`,
    facts: { package: name, wanted },
    cause,
  });
}

function wrongVersion(name: ClientName, found: string, wanted: string): PipelineError {
  return new PipelineError({
    code: 'UsageInvalid',
    message: `This destination needs the package \`${name}\` in a version of ${wanted}, and ${found} is installed.`,
    hint: `Install one: \`npm install "${name}@${wanted}"\`.`,
    facts: { package: name, found, wanted },
  });
}

function broken(name: ClientName, found: string, cause: unknown): PipelineError {
  return new PipelineError({
    code: 'UsageInvalid',
    message: `The package \`${name}\` ${found} cannot be loaded: ${cause instanceof Error ? cause.message : String(cause)}`,
    hint: `Install it again: \`${installLine(name)}\`.`,
    facts: { package: name, found },
    cause,
  });
}
