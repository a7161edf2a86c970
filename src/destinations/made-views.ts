import { createHash } from 'node:crypto';
import type { PipelineConfig } from '../config/pipeline-config.ts';
import type { Findings } from '../findings.ts';

export type Views = NonNullable<PipelineConfig['pipeline']['views']>;

/** Stands in the comment of every view that was made here; it is gone when somebody makes the view anew. */
const MADE_HERE = 'Made by dezgo-elt from';

/** Comments of the tables and views of a dataset, by lower-case name. */
export type Comments = ReadonlyMap<string, string | null>;

/** What a view was made from, as the end of its comment. */
export function madeFrom(what: string): string {
  return `${MADE_HERE} ${what}`;
}

/** Whether a table, or a view that somebody else made, has the name. */
export function isOfUser(known: Comments, name: string): boolean {
  return known.has(name) && !isMadeHere(known.get(name));
}

export function isMadeHere(comment: string | null | undefined): boolean {
  return comment?.includes(MADE_HERE) === true;
}

/** The comment of a view of the configuration. The hash tells that the SQL is another one. */
export function commentOf({ sql, description }: Views[string]): string {
  const hash = createHash('sha256').update(sql).digest('hex').slice(0, 8);
  return [description, madeFrom(`pipeline.views, ${hash}`)].filter((text) => text !== undefined).join('\n');
}

/** Why a view was not made, or stays as it was. */
export class ViewFailure extends Error {
  readonly view: string;
  readonly isThere: boolean;

  constructor(view: string, reason: string, isThere: boolean) {
    super(reason);
    this.view = view;
    this.isThere = isThere;
  }
}

export const TAKEN = 'somebody else made a table or view of that name.';

/** What reads a table that no run has made yet is nothing to worry about. */
export function tellFailures(findings: Pick<Findings, 'note' | 'warn'>, failures: readonly ViewFailure[]): void {
  for (const { view, isThere, message } of failures) {
    if (!isThere && /^Catalog Error: Table with name \S+ does not exist|^relation "[^"]+" does not exist/.test(message))
      findings.note(`view ${view}: not made yet: ${message}`);
    else findings.warn(`View ${view} ${isThere && message !== TAKEN ? 'stays as it was' : 'is not made'}: ${message}`);
  }
}
