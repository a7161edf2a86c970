import { realEffects } from '../effects.ts';
import { exitCodes, PipelineError } from '../errors.ts';
import { listedPackages, namedPackage, requireOwn } from '../inspection/listed-packages.ts';
import { PackageFolder } from '../package/package-folder.ts';
import { failureMembers, jsonDocument } from '../report/json-report.ts';
import type { PackageListing } from '../report/packages-text.ts';
import { type PaidInPackages, paidInPackages } from '../run/paid-in-packages.ts';
import { underRunLock } from '../run/run-lock.ts';
import { count, shortened } from '../text/count.ts';
import { isConfirmed } from './confirm.ts';
import { loadProject } from './load-project.ts';
import { openLog } from './open-log.ts';
import type { CommonOptions, OutputFormat, Terminal } from './terminal.ts';

interface DropOptions extends CommonOptions {
  readonly format: OutputFormat;
  readonly rejected?: boolean;
  readonly all?: boolean;
  readonly yes?: boolean;
}

/** `dezgo-elt packages drop`: removes packages while no run can begin. */
export async function dropPackagesCommand(
  terminal: Terminal,
  options: DropOptions,
  loadIds: readonly string[],
): Promise<number> {
  const log = openLog(terminal, options);
  const config = await loadProject(terminal, options, log);
  const effects = { ...realEffects, env: terminal.env, log };
  const dropped = chosen(await listedPackages(config, effects.now()), loadIds, options);
  const notLoaded = dropped.filter(({ state }) => state !== 'loaded');
  const paid = await paidInPackages(
    config,
    notLoaded.map(({ file }) => file),
    effects,
  );
  const command = [
    'packages drop',
    ...loadIds,
    ...(options.rejected ? ['--rejected'] : []),
    ...(options.all ? ['--all'] : []),
  ].join(' ');
  const { yes = false } = options;
  if (dropped.length > 0 && !(await isConfirmed(terminal, { yes, what: whatGoes(dropped, paid), command }))) {
    terminal.print('Nothing was changed.');
    return exitCodes.ok;
  }
  const { working_dir } = config.pipeline;
  const folder = new PackageFolder(working_dir);
  const names: string[] = [];
  if (dropped.length > 0)
    await underRunLock(working_dir, effects, async () => {
      for (const { loadId, state } of dropped) {
        if (!(await folder.list(state)).includes(loadId)) continue; // somebody was quicker
        await folder.remove(loadId, state);
        names.push(loadId);
      }
    });
  if (options.format === 'json')
    terminal.print(jsonDocument({ dropped: names, paidReplies: paid, ...failureMembers(undefined) }));
  else if (options.quiet !== true)
    terminal.print(
      names.length === 0
        ? 'There is nothing to drop.'
        : `Dropped ${count(names.length, 'package')}: ${names.join(', ')}.`,
    );
  return exitCodes.ok;
}

// --- internal ---

function chosen(
  packages: readonly PackageListing[],
  loadIds: readonly string[],
  { rejected = false, all = false }: DropOptions,
): PackageListing[] {
  if ([loadIds.length > 0, rejected, all].filter(Boolean).length !== 1) {
    throw new PipelineError({
      code: 'UsageInvalid',
      message: 'Say which packages to drop: load ids, or `--rejected`, or `--all`.',
      hint: 'Which there are: dezgo-elt packages list',
    });
  }
  if (loadIds.length === 0) return packages.filter(({ isOwn, state }) => isOwn && (all || state === 'rejected'));
  return [...new Set(loadIds)].map((loadId) => {
    const found = namedPackage(packages, loadId);
    requireOwn(found);
    return found;
  });
}

/** What a person has to know before. */
function whatGoes(packages: readonly PackageListing[], { kept, lost }: PaidInPackages): string {
  const pending = packages.filter(({ state }) => state === 'pending').length;
  return [
    `This drops ${count(packages.length, 'package')}: ${shortened(packages.map(({ loadId }) => loadId))}.`,
    ...(pending === 0
      ? []
      : [`What is in ${count(pending, 'pending one')} is not loaded yet; the next run asks for it again.`]),
    ...(kept === 0
      ? []
      : [
          `${count(kept, 'reply', 'replies')} that were paid for stay in the working folder: the next run loads them without asking again.`,
        ]),
    ...(lost === 0
      ? []
      : [`${count(lost, 'reply', 'replies')} that were paid for are nowhere else: that money is lost.`]),
  ].join(' ');
}
