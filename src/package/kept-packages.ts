import type { PackageFolder, PackageState } from './package-folder.ts';
import type { PackageLabel } from './package-label.ts';

/** A package of the working folder as it looks without opening it. */
export interface KeptPackage {
  readonly loadId: string;
  readonly state: PackageState;
  /** Absolute path. */
  readonly file: string;
  /** With its write-ahead logs. */
  readonly bytes: number;
  /** Absent where it does not tell: of an earlier version, or damaged. */
  readonly label?: PackageLabel;
}

const states: readonly PackageState[] = ['pending', 'rejected', 'loaded'];

/** Those that wait, those that were set aside, those that were loaded, each oldest first; also of other pipelines. */
export async function keptPackages(folder: PackageFolder): Promise<KeptPackage[]> {
  const found: KeptPackage[] = [];
  for (const state of states) {
    for (const loadId of await folder.list(state)) {
      const label = folder.label(loadId, state);
      const bytes = await folder.bytes(loadId, state);
      found.push({ loadId, state, file: folder.file(loadId, state), bytes, ...(label === undefined ? {} : { label }) });
    }
  }
  return found;
}
