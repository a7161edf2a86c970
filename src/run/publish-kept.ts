import { PipelineError } from '../errors.ts';
import { attachPackage, detachPackage, setPackageAside } from './attached-package.ts';
import type { Run } from './open-run.ts';
import { damagedPackage, incompletePackage } from './package-error.ts';
import { publishPackage } from './publish-package.ts';

/**
 * Loads a package that was set aside, or that waits. Where it cannot be loaded as it is, it is set aside again; where only the
 * destination could not be written, it waits for the next run.
 */
export async function publishKept(run: Run, loadId: string): Promise<void> {
  const { packages } = run;
  const isAside = (await packages.rejected()).includes(loadId);
  if (isAside) await packages.moveBack(loadId);
  else if (!(await packages.pending()).includes(loadId)) throw gone(loadId);
  const contents = await attachPackage(run, loadId);
  if (contents?.info.status === 'extracted') return publishPackage(run, contents, true);
  if (contents !== undefined) await detachPackage(run);
  const error =
    contents === undefined
      ? damagedPackage(loadId, packages.file(loadId, isAside ? 'rejected' : 'pending'))
      : incompletePackage(loadId, isAside ? 'rejected' : 'pending');
  if (isAside || contents === undefined) await setPackageAside(run, loadId, error);
  throw error;
}

// --- internal ---

/** Somebody was quicker. */
function gone(loadId: string): PipelineError {
  return new PipelineError({
    code: 'UsageInvalid',
    message: `Package ${loadId} is not there any more: it was loaded or dropped meanwhile.`,
    hint: 'Which there are: dezgo-elt packages list',
    facts: { loadId },
  });
}
