import { createHash } from 'node:crypto';
import type { PipelineConfig } from '../../config/pipeline-config.ts';
import { soleStatement } from '../../duckdb/sole-statement.ts';
import type { Findings } from '../../findings.ts';
import type { Target } from '../../load/target.ts';
import { commentOnView, commentsByName, createView, isOfUser, madeFrom } from './view-ddl.ts';

type Views = NonNullable<PipelineConfig['pipeline']['views']>;
type View = Views[string];

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

/**
 * Makes the views of the configuration that are not there, or are other ones; all of them where tables changed, because a view
 * whose types change can not be read any more. What a user made under their names stays, and so does a view of ours that can not
 * be made anew: rows are worth more than views. In the transaction of a load, with the dataset as search path.
 *
 * @throws ViewFailure of a view that ended the transaction, such as one that reads a file which is not there
 */
export async function makeViews(target: Target, views: Views, tablesChanged: boolean): Promise<ViewFailure[]> {
  if (Object.keys(views).length === 0) return [];
  const known = await commentsByName(target);
  const failures: ViewFailure[] = [];
  for (const [name, view] of Object.entries(views)) {
    if (!isOfUser(known, name) && !tablesChanged && known.get(name) === commentOf(view)) continue;
    const reason = isOfUser(known, name) ? TAKEN : await reasonOf(makeView(target, name, view));
    if (reason === undefined) continue;
    const failure = new ViewFailure(name, reason, known.has(name));
    if ((await reasonOf(target.connection.run('select 1'))) !== undefined) throw failure;
    failures.push(failure);
  }
  return failures;
}

/** What reads a table that no run has made yet is nothing to worry about. */
export function tellFailures(findings: Pick<Findings, 'note' | 'warn'>, failures: readonly ViewFailure[]): void {
  for (const { view, isThere, message } of failures) {
    if (!isThere && /^Catalog Error: Table with name \S+ does not exist/.test(message))
      findings.note(`view ${view}: not made yet: ${message}`);
    else findings.warn(`View ${view} ${isThere && message !== TAKEN ? 'stays as it was' : 'is not made'}: ${message}`);
  }
}

// --- internal ---

const TAKEN = 'somebody else made a table or view of that name.';

async function makeView(target: Target, name: string, view: View): Promise<void> {
  if ((await target.connection.statementsIn(view.sql)) !== 1) throw new Error('its SQL is more than one `select`');
  await createView(target, name, soleStatement(view.sql));
  await commentOnView(target, name, commentOf(view));
}

/** Sentences of the parser and the binder leave a transaction alone, others end it. */
async function reasonOf(work: Promise<void>): Promise<string | undefined> {
  try {
    await work;
    return undefined;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const [reason = ''] = error.message.split(/\n\n|\nDid you mean/, 1);
    return reason.replaceAll('\n', ' ');
  }
}

/** The hash tells that the SQL is another one. */
function commentOf({ sql, description }: View): string {
  const hash = createHash('sha256').update(sql).digest('hex').slice(0, 8);
  return [description, madeFrom(`pipeline.views, ${hash}`)].filter((text) => text !== undefined).join('\n');
}
