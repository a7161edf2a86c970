import type { PipelineConfig } from '../config/pipeline-config.ts';
import { destinationOf } from '../destinations/destination-kinds.ts';
import { PipelineError } from '../errors.ts';
import { readLedger } from '../ledger/read-ledger.ts';
import { type KeptPackage, keptPackages } from '../package/kept-packages.ts';
import { PackageFolder } from '../package/package-folder.ts';
import { timeOfLoadId } from '../report/info-text.ts';
import type { PackageListing } from '../report/packages-text.ts';
import { isOwn } from '../run/attached-package.ts';
import { isoTime } from '../text/iso-time.ts';
import { didYouMean } from '../text/nearest.ts';

/** The packages of the working folder, without opening any. */
export async function listedPackages(config: PipelineConfig, now: number): Promise<PackageListing[]> {
  const { working_dir } = config.pipeline;
  const { running } = await readLedger(working_dir);
  const owner = { config, location: destinationOf(config).location };
  const packages = await keptPackages(new PackageFolder(working_dir));
  return packages.map((one) => listing(one, owner, running?.status?.loadId ?? null, now));
}

/** Throws UsageInvalid where there is none of that load id, or it is another pipeline's. */
export function namedPackage(packages: readonly PackageListing[], loadId: string): PackageListing {
  const found = packages.find((one) => one.loadId === loadId);
  if (found !== undefined) return found;
  const others = packages.map((one) => one.loadId);
  throw new PipelineError({
    code: 'UsageInvalid',
    message: `There is no package \`${loadId}\` in the working folder${didYouMean(loadId, others) || '.'}`,
    hint: 'Which there are: dezgo-elt packages list',
    facts: { loadId },
  });
}

/** Throws UsageInvalid: pipelines that share a working folder do not touch each other's packages. */
export function requireOwn({ loadId, isOwn, pipeline, dataset, destination }: PackageListing): void {
  if (isOwn) return;
  throw new PipelineError({
    code: 'UsageInvalid',
    message: `Package ${loadId} is of another one: pipeline ${pipeline}, dataset ${dataset} of ${destination}.`,
    hint: 'Give the configuration of that pipeline: dezgo-elt -c FILE packages list',
    facts: { loadId, pipeline, dataset, destination },
  });
}

// --- internal ---

function listing(
  { loadId, state, file, bytes, label }: KeptPackage,
  owner: Parameters<typeof isOwn>[0],
  running: string | null,
  now: number,
): PackageListing {
  const createdAt = timeOfLoadId(loadId);
  return {
    loadId,
    state,
    pipeline: label?.pipeline ?? null,
    dataset: label?.dataset ?? null,
    destination: label?.destination ?? null,
    isOwn: label === undefined || isOwn(owner, label),
    isOfRunInProgress: state === 'pending' && loadId === running,
    complete: label?.complete ?? null,
    rows: label?.rows ?? null,
    bytes,
    createdAt,
    ageSeconds: createdAt === null ? null : Math.max(0, Math.round((now - Date.parse(createdAt)) / 1000)),
    reason:
      label?.failure === undefined
        ? null
        : { code: label.failure.code, message: label.failure.message, at: isoTime(label.failure.at) },
    file,
  };
}
