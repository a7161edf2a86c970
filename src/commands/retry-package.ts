import type { PipelineConfig } from '../config/pipeline-config.ts';
import { destinationOf } from '../destinations/destination-kinds.ts';
import { realEffects } from '../effects.ts';
import { exitCodes, PipelineError } from '../errors.ts';
import { listedPackages, namedPackage, requireOwn } from '../inspection/listed-packages.ts';
import { retryPackage } from '../pipeline.ts';
import type { PackageListing } from '../report/packages-text.ts';
import { incompletePackage } from '../run/package-error.ts';
import { isConfirmed } from './confirm.ts';
import { loadProject } from './load-project.ts';
import { openLog } from './open-log.ts';
import { announceInterrupt, report } from './run.ts';
import type { CommonOptions, OutputFormat, Terminal } from './terminal.ts';

interface RetryOptions extends CommonOptions {
  readonly format: OutputFormat;
  readonly allowDelete?: boolean;
  readonly yes?: boolean;
}

/** `dezgo-elt packages retry LOAD_ID`: a run that loads one package and nothing else. */
export async function retryPackageCommand(
  terminal: Terminal,
  options: RetryOptions,
  [loadId = '']: readonly string[],
): Promise<number> {
  const log = openLog(terminal, options);
  try {
    const config = await loadProject(terminal, options, log);
    const packages = await listedPackages(config, realEffects.now());
    requireRetriable(namedPackage(packages, loadId), packages);
    const later = await laterLoad(config, loadId);
    if (later !== undefined && !(await isConfirmed(terminal, confirmation(loadId, later, options)))) {
      terminal.print('Nothing was changed.');
      return exitCodes.ok;
    }
    announceInterrupt(terminal, log);
    const { allowDelete } = options;
    const effects = { ...realEffects, env: terminal.env, log };
    const trace = await retryPackage(config, loadId, { allowDelete, effects, signal: terminal.signal });
    log.end();
    report(terminal, options, trace);
    return trace.exitCode;
  } finally {
    log.end();
  }
}

// --- internal ---

function requireRetriable(one: PackageListing, packages: readonly PackageListing[]): void {
  requireOwn(one);
  const { loadId, state, complete } = one;
  if (state === 'loaded') {
    throw new PipelineError({
      code: 'UsageInvalid',
      message: `Package ${loadId} was loaded.`,
      hint: 'Which ones were not: dezgo-elt packages list',
      facts: { loadId },
    });
  }
  if (complete === false) throw incompletePackage(loadId, state);
  const before = packages.find((other) => other.state === 'pending' && other.isOwn && other.loadId < loadId);
  if (before === undefined) return;
  throw new PipelineError({
    code: 'UsageInvalid',
    message: `Package ${before.loadId}, which is older than ${loadId}, waits to be loaded first.`,
    hint: `Load it, or be rid of it: dezgo-elt packages retry ${before.loadId}, dezgo-elt packages drop ${before.loadId}`,
    facts: { loadId, before: before.loadId },
  });
}

/** Of the newest load, where it was made after the package. */
async function laterLoad(config: PipelineConfig, loadId: string): Promise<string | undefined> {
  const summary = await destinationOf(config).summary();
  const newest = summary?.loads[0]?.loadId ?? '';
  return newest > loadId ? newest : undefined;
}

function confirmation(loadId: string, later: string, { yes = false, allowDelete = false }: RetryOptions) {
  return {
    yes,
    what: `Load ${later} was made after package ${loadId}: rows of the package take the place of newer ones, \`append\` may bring rows twice, and cursors may go back. (\`dezgo-elt run\` asks the source anew instead.)`,
    command: `packages retry ${loadId}${allowDelete ? ' --allow-delete' : ''}`,
  };
}
