import { asPipelineError } from '../errors.ts';
import { attachPackage, detachPackage, type PackageContents } from './attached-package.ts';
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
  const loadIds = await run.packages.pending();
  const newest = loadIds.at(-1);
  for (const loadId of loadIds) {
    const contents = await attachPackage(run, loadId);
    if (contents === undefined)
      await setAside(run, loadId, `Package ${loadId} was damaged or never begun; it was moved aside.`);
    else if (contents.info.status === 'extracted') await loadPending(run, loadId, contents);
    else if (loadId === newest && canContinue(run, contents, selected)) return contents;
    else await drop(run, loadId, contents);
  }
  return undefined;
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

function canContinue(run: Run, { info, resources }: PackageContents, selected: readonly string[]): boolean {
  const { resume_within } = run.config.pipeline;
  return (
    info.config_hash === run.config.hash &&
    run.effects.now() - info.created_at < resume_within &&
    resources.every(
      ({ resource, status }) => selected.includes(resource) && (status !== 'running' || hasEndpoint(run, resource)),
    )
  );
}

/** A program's own generator starts anew each time: it cannot go on where it was. */
function hasEndpoint(run: Run, name: string): boolean {
  return run.config.source.resources.some((resource) => resource.name === name && resource.data === undefined);
}

async function drop(run: Run, loadId: string, { info }: PackageContents): Promise<void> {
  await detachPackage(run);
  await run.packages.remove(loadId);
  const why =
    info.config_hash === run.config.hash
      ? 'it is too old, or of other resources'
      : 'the configuration has changed since';
  run.trace.note(`Package ${loadId} of an interrupted run was dropped: ${why}.`);
}

async function setAside(run: Run, loadId: string, note: string): Promise<void> {
  await run.packages.moveToRejected(loadId, Math.max(1, run.config.pipeline.keep_packages));
  run.trace.note(note);
}
