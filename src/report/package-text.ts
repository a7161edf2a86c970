import { aligned } from '../text/aligned.ts';
import { bytesText } from '../text/bytes.ts';
import { count, shortened } from '../text/count.ts';
import { ago } from '../text/duration.ts';
import { plainText } from '../text/plain-text.ts';
import { printable } from '../text/printable.ts';
import type { PackageListing } from './packages-text.ts';

/** Public as `packages show --format json`: keys are only ever added. */
export interface PackageDetails extends PackageListing {
  readonly tables: readonly {
    readonly name: string;
    readonly resource: string;
    readonly rows: number;
    /** Columns that were new when it was extracted, and those for which only null came. */
    readonly newColumns: readonly { readonly name: string; readonly firstValue: string }[];
    readonly nullOnly: readonly string[];
  }[];
  readonly resources: readonly {
    readonly name: string;
    readonly status: string;
    readonly records: number;
    readonly requests: number;
    readonly notes: readonly string[];
    /** JSON texts of the cursor before and after; null where it is not incremental. */
    readonly cursor: { readonly path: string; readonly from: string | null; readonly to: string | null } | null;
    /** Replies that were paid for and whose rows are in it. */
    readonly paidReplies: number;
  }[];
  /** What a schema contract left out, where that is kept (`keep_rejected`). */
  readonly rejected: readonly {
    readonly table: string;
    readonly column: string | null;
    readonly reason: string;
    readonly count: number;
    /** JSON text. */
    readonly first: string;
  }[];
}

/** For people. */
export function packageText(details: PackageDetails): string {
  const { tables, resources, rejected } = details;
  const sections = [
    heading(details),
    section(
      'Resources:',
      resources.map((one) => [one.name, one.status, count(one.records, 'record'), remarks(one)]),
    ),
    section(
      'Tables:',
      tables.map(({ name, rows, newColumns }) => [
        name,
        count(rows, 'row'),
        newColumns.length === 0
          ? ''
          : `+${count(newColumns.length, 'column')}: ${shortened(newColumns.map((column) => column.name))}`,
      ]),
    ),
    section(
      'Left out by the schema contract:',
      rejected.map((one) => [
        one.column === null ? one.table : `${one.table}.${one.column}`,
        one.reason,
        String(one.count),
        printable(one.first, 100),
      ]),
    ),
  ];
  return sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n');
}

// --- internal ---

const states = { pending: 'waits to be loaded', rejected: 'was set aside', loaded: 'was loaded' } as const;

function heading({
  loadId,
  state,
  complete,
  ageSeconds,
  bytes,
  pipeline,
  dataset,
  destination,
  reason,
  file,
}: PackageDetails): string[] {
  const made = ageSeconds === null ? '' : `, made ${ago(ageSeconds * 1000)}`;
  return [
    `Package ${plainText(loadId)} ${states[state]}${complete === false ? ', is not complete' : ''}${made}, ${bytesText(bytes)}`,
    `Of pipeline ${plainText(pipeline ?? '?')}, dataset ${plainText(dataset ?? '?')} of ${plainText(destination ?? '?')}`,
    ...(reason === null ? [] : [`Why: ${plainText(reason.message)}`]),
    plainText(file),
  ];
}

function section(title: string, rows: readonly string[][]): string[] {
  return rows.length === 0 ? [] : [title, ...aligned(rows, ['left', 'left', 'right', 'left'])];
}

function remarks({ requests, cursor, paidReplies, notes }: PackageDetails['resources'][number]): string {
  return [
    count(requests, 'request'),
    ...(cursor === null ? [] : [`${cursor.path}: ${cursor.from ?? 'the beginning'} → ${cursor.to ?? 'no value'}`]),
    ...(paidReplies === 0 ? [] : [`${count(paidReplies, 'paid reply', 'paid replies')}`]),
    ...notes,
  ].join(', ');
}
