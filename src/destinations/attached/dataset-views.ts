import { soleStatement } from '../../duckdb/sole-statement.ts';
import type { Target } from '../../load/target.ts';
import { commentOf, isOfUser, TAKEN, ViewFailure, type Views } from '../made-views.ts';
import { commentOnView, commentsByName, createView } from './view-ddl.ts';

type View = Views[string];

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

// --- internal ---

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
