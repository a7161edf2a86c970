import { realEffects } from '../effects.ts';
import { exitCodes } from '../errors.ts';
import { listedPackages } from '../inspection/listed-packages.ts';
import { csvText } from '../report/csv-text.ts';
import { failureMembers, jsonDocument } from '../report/json-report.ts';
import { packagesText } from '../report/packages-text.ts';
import { loadProject } from './load-project.ts';
import { openLog } from './open-log.ts';
import type { CommonOptions, ListFormat, Terminal } from './terminal.ts';

/** `dezgo-elt packages list`: opens none of them, and changes nothing. */
export async function listPackagesCommand(
  terminal: Terminal,
  options: CommonOptions & { readonly format: ListFormat },
): Promise<number> {
  const config = await loadProject(terminal, options, openLog(terminal, options));
  const packages = await listedPackages(config, realEffects.now());
  const { name: pipeline, dataset_name: dataset } = config.pipeline;
  if (options.format === 'json')
    terminal.print(jsonDocument({ pipeline, dataset, packages, ...failureMembers(undefined) }));
  else if (options.format === 'csv')
    terminal.print(
      csvText(
        columns,
        packages.map((one) => ({ ...one, reason: one.reason?.message ?? null })),
      ),
    );
  else terminal.print(packagesText(packages));
  return exitCodes.ok;
}

const columns = [
  'loadId',
  'state',
  'pipeline',
  'dataset',
  'complete',
  'rows',
  'bytes',
  'createdAt',
  'reason',
  'file',
] as const;
