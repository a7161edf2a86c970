import { aligned } from '../text/aligned.ts';
import { count } from '../text/count.ts';
import { ago, configured } from '../text/duration.ts';

/** How fresh the data of a resource is. Times are ISO 8601, UTC. */
export interface ResourceAge {
  readonly name: string;
  readonly selected: boolean;
  /** Of the load that its newest rows came with; null where that is not known. */
  readonly loadId: string | null;
  /** When; null: never. */
  readonly loadedAt: string | null;
  /** That this load wrote to the table of the resource; null where that is not known. */
  readonly rows: number | null;
  /** When it was last loaded, or found to be as it was; null: never. */
  readonly checkedAt: string | null;
  /** Seconds since then. */
  readonly ageSeconds: number | null;
  /** `--max-age`; null: it may be of any age. */
  readonly maxAgeSeconds: number | null;
  /** It is older than that, or was never loaded. */
  readonly isStale: boolean;
}

/** For people: a line for each that is selected, has been loaded, or is too old. */
export function resourceLines(resources: readonly ResourceAge[]): string[] {
  const told = resources.filter(({ selected, checkedAt, isStale }) => selected || checkedAt !== null || isStale);
  if (told.every(({ checkedAt, isStale }) => checkedAt === null && !isStale)) return [];
  const rows = told.map((resource) => [resource.name, ageText(resource), rowsText(resource), staleText(resource)]);
  return [
    'Resources, and when they were last loaded well or found unchanged:',
    ...aligned(rows, ['left', 'left', 'right', 'left']),
  ];
}

/** `3 days ago`, `never loaded`. */
export function ageText({ ageSeconds }: Pick<ResourceAge, 'ageSeconds'>): string {
  return ageSeconds === null ? 'never loaded' : ago(ageSeconds * 1000);
}

// --- internal ---

function rowsText({ rows, loadedAt, checkedAt }: ResourceAge): string {
  if (loadedAt === null) return checkedAt === null ? '' : 'nothing to load';
  return rows === null ? '' : count(rows, 'row');
}

function staleText({ isStale, maxAgeSeconds }: ResourceAge): string {
  return isStale && maxAgeSeconds !== null ? `older than ${configured(maxAgeSeconds * 1000)}` : '';
}
