import { asPipelineError } from '../errors.ts';
import type { PackageInfo } from '../package/layout.ts';
import {
  attachPackage,
  detachPackage,
  type PackageContents,
  packageOwner,
  setPackageAside,
} from './attached-package.ts';
import { publishPackage } from './publish-package.ts';
import type { Run } from './run.ts';

/**
 * Settles what earlier runs left: packages that are complete are loaded, the newest incomplete one is answered, still attached,
 * to be continued when it is of this configuration and young enough; the rest is dropped, and said so.
 */
export async function settlePendingPackages(
  run: Run,
  selected: readonly string[],
): Promise<PackageContents | undefined> {
  const loadIds = await ownPackages(run);
  const newest = loadIds.at(-1);
  for (const loadId of loadIds) {
    const contents = await attachPackage(run, loadId);
    if (contents === undefined) continue;
    if (contents.info.status === 'extracted') await loadPending(run, loadId, contents);
    else {
      const obstacle = loadId === newest ? obstacleTo(run, contents, selected) : 'a later run began another one';
      if (obstacle === null) return contents;
      await drop(run, loadId, obstacle);
    }
  }
  return undefined;
}

/** Pending packages of this pipeline for this file, oldest first. Damaged ones are moved aside, others' left alone. */
async function ownPackages(run: Run): Promise<string[]> {
  const own: string[] = [];
  for (const loadId of await run.packages.pending()) {
    const contents = await attachPackage(run, loadId);
    if (contents === undefined) {
      await setAside(run, loadId, `Package ${loadId} was damaged or never begun; it was moved aside.`);
      continue;
    }
    await detachPackage(run);
    if (isOwn(run, contents.info)) own.push(loadId);
    else if (contents.info.pipeline_name === run.config.pipeline.name) {
      const { dataset_name, destination } = contents.info;
      run.trace.note(`Package ${loadId} is left alone: it is for dataset ${dataset_name} of ${destination}.`);
    }
  }
  return own;
}

function isOwn(run: Run, info: PackageInfo): boolean {
  const owner = packageOwner(run);
  return (
    info.pipeline_name === owner.pipeline_name &&
    info.dataset_name === owner.dataset_name &&
    info.destination === owner.destination
  );
}

async function loadPending(run: Run, loadId: string, contents: PackageContents): Promise<void> {
  try {
    await publishPackage(run, contents, true);
  } catch (thrown) {
    // A value that a contract refuses must not block every later night; anything else would meet this run's own load too.
    if (asPipelineError(thrown).exitCode !== 7) throw thrown;
    run.trace.fail(thrown, loadId);
  }
}

/** Why an incomplete package cannot be continued; null when it can. */
function obstacleTo(run: Run, { info, resources }: PackageContents, selected: readonly string[]): string | null {
  if (info.config_hash !== run.config.hash) return 'the configuration has changed since';
  const age = run.effects.now() - info.created_at;
  if (age >= run.config.pipeline.resume_within) return 'it is too old (pipeline.resume_within)';
  const other = resources.find(({ resource }) => !selected.includes(resource));
  if (other !== undefined) return `it holds resource ${other.resource}, which this run leaves out`;
  const generator = resources.find(({ resource, status }) => status === 'running' && !hasEndpoint(run, resource));
  return generator === undefined ? null : `the function of resource ${generator.resource} starts anew`;
}

/** A program's own generator starts anew each time: it cannot go on where it was. */
function hasEndpoint(run: Run, name: string): boolean {
  return run.config.source.resources.some((resource) => resource.name === name && resource.data === undefined);
}

async function drop(run: Run, loadId: string, why: string): Promise<void> {
  await detachPackage(run);
  await run.packages.remove(loadId);
  run.trace.note(`Package ${loadId}, which an earlier run left incomplete, was dropped: ${why}.`);
}

async function setAside(run: Run, loadId: string, note: string): Promise<void> {
  await setPackageAside(run, loadId);
  run.trace.note(note);
}
