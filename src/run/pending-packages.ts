import { asPipelineError } from '../errors.ts';
import { totalRows } from '../package/layout.ts';
import { type PackageLabel, packageLabel } from '../package/package-label.ts';
import { attachPackage, detachPackage, isOwn, type PackageContents, setPackageAside } from './attached-package.ts';
import { type BegunPackage, begunPackage } from './begun-package.ts';
import type { Run } from './open-run.ts';
import { damagedPackage } from './package-error.ts';
import { publishPackage } from './publish-package.ts';
import { inStep } from './run-events.ts';
import type { RunResource } from './select-resources.ts';

/**
 * Settles what earlier runs left: packages that are complete are loaded, the newest incomplete one is answered, still attached,
 * to be continued when it is of this configuration and young enough; the rest is dropped, and said so.
 */
export async function settlePendingPackages(
  run: Run,
  selected: readonly RunResource[],
): Promise<BegunPackage | undefined> {
  const loadIds = await ownPackages(run);
  const newest = loadIds.at(-1);
  for (const loadId of loadIds) {
    const contents = await attachPackage(run, loadId);
    if (contents === undefined) await setAside(run, loadId);
    else if (contents.info.status === 'extracted') await loadPending(run, loadId, contents);
    else if (run.replies.isReplay)
      await detachPackage(run); // for the next run that asks
    else {
      const begun = loadId === newest ? await begunPackage(run, contents, selected) : 'a later run began another one';
      if (typeof begun !== 'string') return begun;
      await drop(run, loadId, begun);
    }
  }
  return undefined;
}

/**
 * Pending packages of this pipeline for this destination, oldest first. Damaged ones are moved aside, others' left alone, and unopened:
 * a large one takes many seconds to open.
 */
async function ownPackages(run: Run): Promise<string[]> {
  const own: string[] = [];
  for (const loadId of await run.packages.pending()) {
    const owner = run.packages.label(loadId) ?? (await ownerWithin(run, loadId));
    if (owner === undefined) await setAside(run, loadId);
    else if (isOwn(run, owner)) own.push(loadId);
    else if (owner.pipeline === run.config.pipeline.name) {
      run.trace.note(`Package ${loadId} is left alone: it is for dataset ${owner.dataset} of ${owner.destination}.`);
    }
  }
  return own;
}

type Owner = Pick<PackageLabel, 'pipeline' | 'dataset' | 'destination'>;

/** Of a package without a label, which gets one; undefined for one that is damaged or was never begun. */
async function ownerWithin(run: Run, loadId: string): Promise<Owner | undefined> {
  const contents = await attachPackage(run, loadId);
  if (contents === undefined) return undefined;
  await detachPackage(run);
  const complete = contents.info.status === 'extracted';
  const label = packageLabel(contents.info, { complete, rows: complete ? totalRows(contents.tables) : null });
  run.packages.writeLabel(loadId, label);
  return label;
}

async function loadPending(run: Run, loadId: string, contents: PackageContents): Promise<void> {
  try {
    await inStep(run.effects, 'load', () => publishPackage(run, contents, true));
  } catch (thrown) {
    // A value that a contract refuses must not block every later night; anything else would meet this run's own load too.
    if (asPipelineError(thrown).exitCode !== 7) throw thrown;
    run.trace.fail(thrown, loadId);
  }
}

async function drop(run: Run, loadId: string, why: string): Promise<void> {
  await detachPackage(run);
  await run.packages.remove(loadId);
  run.trace.note(`Package ${loadId}, which an earlier run left incomplete, was dropped: ${why}.`);
}

async function setAside(run: Run, loadId: string): Promise<void> {
  run.trace.warn(`Package ${loadId} was damaged or never begun; it was moved aside.`);
  await setPackageAside(run, loadId, damagedPackage(loadId, run.packages.file(loadId)));
}
