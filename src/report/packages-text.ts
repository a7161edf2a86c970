import type { PackageState } from '../package/package-folder.ts';
import { aligned } from '../text/aligned.ts';
import { bytesText } from '../text/bytes.ts';
import { count } from '../text/count.ts';
import { ago } from '../text/duration.ts';
import { plainText } from '../text/plain-text.ts';

/** Public as `packages list --format json`: keys are only ever added; times are ISO 8601, UTC. */
export interface PackageListing {
  readonly loadId: string;
  readonly state: PackageState;
  /** null, as what follows, of a package that does not tell. */
  readonly pipeline: string | null;
  readonly dataset: string | null;
  readonly destination: string | null;
  /** Of this pipeline and dataset; also where it does not tell. */
  readonly isOwn: boolean;
  readonly isOfRunInProgress: boolean;
  /** Whether it can be loaded as it is. */
  readonly complete: boolean | null;
  readonly rows: number | null;
  readonly bytes: number;
  readonly createdAt: string | null;
  readonly ageSeconds: number | null;
  /** Why it was not loaded when that was tried last. */
  readonly reason: { readonly code: string; readonly message: string; readonly at: string } | null;
  /** Absolute path. */
  readonly file: string;
}

const headings: Readonly<Record<PackageState, string>> = {
  pending: 'Pending (the next run loads or, where not complete, continues them):',
  rejected:
    'Set aside (no run loads them; `dezgo-elt packages retry LOAD_ID` tries again, `dezgo-elt packages drop LOAD_ID` removes one):',
  loaded: 'Loaded (kept for a look, `pipeline.keep_packages`):',
};

const states = ['pending', 'rejected', 'loaded'] as const;

export function packagesText(packages: readonly PackageListing[]): string {
  if (packages.length === 0) return 'No packages: none waits, none was set aside.';
  return states
    .map((state) => packages.filter((one) => one.state === state))
    .flatMap(section)
    .join('\n\n');
}

// --- internal ---

function section(packages: readonly PackageListing[]): string[] {
  const [first] = packages;
  if (first === undefined) return [];
  const lines = packages.flatMap((one) => [row(one)]);
  const rows = aligned(lines, ['left', 'left', 'right', 'right', 'left']);
  const withReasons = rows.flatMap((line, at) => [line, ...reasonLines(packages[at])]);
  return [[headings[first.state], ...withReasons].join('\n')];
}

function row(one: PackageListing): string[] {
  const { loadId, ageSeconds, bytes, isOwn, pipeline, dataset, destination } = one;
  return [
    loadId,
    ageSeconds === null ? '' : ago(ageSeconds * 1000),
    content(one),
    bytesText(bytes),
    isOwn ? '' : `of pipeline ${pipeline}, dataset ${dataset} of ${destination}`,
  ];
}

function content({ isOfRunInProgress, rows, complete }: PackageListing): string {
  if (isOfRunInProgress) return 'of the run in progress';
  if (rows !== null) return count(rows, 'row');
  return complete === false ? 'not complete' : '';
}

function reasonLines(one: PackageListing | undefined): string[] {
  return one?.reason == null ? [] : [`    ${plainText(one.reason.message)}`];
}
