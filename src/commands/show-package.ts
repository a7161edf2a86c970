import { Database } from '../duckdb/database.ts';
import { realEffects } from '../effects.ts';
import { exitCodes } from '../errors.ts';
import { listedPackages, namedPackage } from '../inspection/listed-packages.ts';
import { whileIdle } from '../ledger/idle-ledger.ts';
import { totalRows } from '../package/layout.ts';
import { type PackageInside, readPackage } from '../package/read-package.ts';
import { failureMembers, jsonDocument } from '../report/json-report.ts';
import { type PackageDetails, packageText } from '../report/package-text.ts';
import type { PackageListing } from '../report/packages-text.ts';
import { damagedPackage } from '../run/package-error.ts';
import { loadProject } from './load-project.ts';
import { openLog } from './open-log.ts';
import type { CommonOptions, OutputFormat, Terminal } from './terminal.ts';

/** `dezgo-elt packages show LOAD_ID`: opens the package read-only; one that waits only while no run is going on. */
export async function showPackageCommand(
  terminal: Terminal,
  options: CommonOptions & { readonly format: OutputFormat },
  [loadId = '']: readonly string[],
): Promise<number> {
  const config = await loadProject(terminal, options, openLog(terminal, options));
  const listing = namedPackage(await listedPackages(config, realEffects.now()), loadId);
  const inside = await read(config.pipeline.working_dir, listing);
  if (inside === undefined) throw damagedPackage(loadId, listing.file);
  const details = packageDetails(listing, inside);
  terminal.print(
    options.format === 'json' ? jsonDocument({ ...details, ...failureMembers(undefined) }) : packageText(details),
  );
  return exitCodes.ok;
}

// --- internal ---

async function read(workingDir: string, { state, file }: PackageListing): Promise<PackageInside | undefined> {
  if (state === 'pending') return whileIdle(workingDir, (database) => readPackage(database, file));
  const database = await Database.open();
  try {
    return await readPackage(database, file);
  } finally {
    database.close();
  }
}

function packageDetails(listing: PackageListing, { info, resources, tables, keptOut }: PackageInside): PackageDetails {
  const complete = info.status === 'extracted';
  return {
    ...listing,
    pipeline: info.pipeline_name,
    dataset: info.dataset_name,
    destination: info.destination,
    complete,
    rows: complete ? totalRows(tables) : null,
    resources: resources.map(({ resource, status, records, requests, notes, incremental, reached, paid = [] }) => ({
      name: resource,
      status,
      records,
      requests,
      notes,
      cursor:
        incremental === undefined
          ? null
          : { path: incremental.cursor_path, from: incremental.start_value, to: reached?.last_value ?? null },
      paidReplies: paid.length,
    })),
    tables: tables.map(({ schema, resource, rows, firstValues, nullOnly }) => ({
      name: schema.name,
      resource,
      rows,
      newColumns: Object.entries(firstValues).map(([name, firstValue]) => ({ name, firstValue })),
      nullOnly,
    })),
    rejected: keptOut,
  };
}
