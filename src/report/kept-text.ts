import { aligned } from '../text/aligned.ts';
import { count } from '../text/count.ts';
import { ago } from '../text/duration.ts';
import { plainText } from '../text/plain-text.ts';

/** Replies in the working folder. */
export interface KeptReplies {
  /** Those that were paid for and are not loaded yet, and requests for such whose reply has not come; the oldest first. */
  readonly paidReplies: readonly KeptReply[];
  /** Load ids that can be replayed, the newest first. */
  readonly archivedLoads: readonly string[];
}

interface KeptReply {
  readonly resource: string;
  /** `POST /images/generate`. */
  readonly request: string;
  readonly at: string;
  readonly ageSeconds: number | null;
  /** False: the request was sent, and is under way, or its run was killed. */
  readonly isAnswered: boolean;
  /** Absolute path. */
  readonly file: string;
}

/** Sections for people: none where nothing is kept. */
export function keptSections({ paidReplies, archivedLoads }: KeptReplies): string[][] {
  return [paidSection(paidReplies), archiveSection(archivedLoads)];
}

// --- internal ---

const SHOWN = 5;

function paidSection(replies: readonly KeptReply[]): string[] {
  if (replies.length === 0) return [];
  const rows = replies.map(({ resource, request, ageSeconds, isAnswered, file }) => [
    resource,
    plainText(request),
    ageSeconds === null ? '' : ago(ageSeconds * 1000),
    isAnswered ? '' : 'no reply came',
    plainText(file),
  ]);
  const names = [...new Set(replies.flatMap(({ resource, isAnswered }) => (isAnswered ? [resource] : [])))].join(' ');
  const how = names === '' ? '' : ` (\`dezgo-elt run ${names} --allow-paid\` loads them without asking again)`;
  return [
    `Replies that were paid for and are not loaded yet${how}:`,
    ...aligned(rows, ['left', 'left', 'left', 'left', 'left']),
  ];
}

function archiveSection(loads: readonly string[]): string[] {
  if (loads.length === 0) return [];
  const more = loads.length > SHOWN ? [`  and ${count(loads.length - SHOWN, 'older one')}`] : [];
  return [
    'Archived loads (`dezgo-elt replay LOAD_ID` loads one again):',
    ...loads.slice(0, SHOWN).map((loadId) => `  ${plainText(loadId)}`),
    ...more,
  ];
}
