import { createHash } from 'node:crypto';
import type { PipelineConfig } from '../../config/pipeline-config.ts';
import { whyNotOneSelect } from '../../duckdb/select-check.ts';
import { soleStatement } from '../../duckdb/sole-statement.ts';
import type { Findings } from '../../findings.ts';
import { enterDataset, leaveDataset, type Target } from '../../load/target.ts';
import { commentOnView, commentsByName, createView, isOfUser, madeFrom } from './view-ddl.ts';

type Views = NonNullable<PipelineConfig['pipeline']['views']>;
type View = Views[string];
type Told = Pick<Findings, 'note' | 'warn'>;
type OnFailure = (view: string, error: Error) => void;

/**
 * Makes the views of the configuration that are not there, or are other ones; all of them where tables changed, because a view
 * whose types change can not be read any more. What a user made under their names stays, and so does a view of ours that can not
 * be made anew: rows are worth more than views.
 */
export async function makeViews(
  target: Target,
  views: Views,
  { tablesChanged, findings }: { readonly tablesChanged: boolean; readonly findings: Told },
): Promise<void> {
  if (Object.keys(views).length === 0) return;
  const known = await commentsByName(target);
  const [taken, free] = [Object.keys(views).filter((name) => isOfUser(known, name)), Object.entries(views)];
  for (const name of taken) findings.warn(`View ${name} is not made: somebody else made a table or view of that name.`);
  const wanted = free.filter(
    ([name, view]) => !taken.includes(name) && (tablesChanged || known.get(name) !== commentOf(view)),
  );
  await makeAll(target, wanted, (name, error) => tellFailure(findings, name, { error, isThere: known.has(name) }));
}

// --- internal ---

/** In one transaction. One that fails may have ended it: then again, without that one. */
async function makeAll(target: Target, views: readonly [string, View][], onFailure: OnFailure): Promise<void> {
  if (views.length === 0) return;
  let current = '';
  try {
    await target.connection.transaction(async () => {
      await enterDataset(target);
      for (const [name, view] of views) {
        current = name;
        const reason = await whyNotOneSelect(target.connection, view.sql);
        if (reason !== undefined) throw new Error(`its SQL ${reason}`);
        await createView(target, name, soleStatement(view.sql));
        await commentOnView(target, name, commentOf(view));
      }
      current = '';
    });
  } catch (error) {
    if (current === '' || !(error instanceof Error)) throw error;
    onFailure(current, error);
    await makeAll(
      target,
      views.filter(([name]) => name !== current),
      onFailure,
    );
  } finally {
    await leaveDataset(target);
  }
}

/** What reads a table that no run has made yet is nothing to worry about. */
function tellFailure(findings: Told, name: string, { error, isThere }: { error: Error; isThere: boolean }): void {
  const [reason = ''] = error.message.split(/\n\n|\nDid you mean/, 1);
  const why = reason.replaceAll('\n', ' ');
  if (!isThere && /^Catalog Error: Table with name \S+ does not exist/.test(why))
    findings.note(`view ${name}: not made yet: ${why}`);
  else findings.warn(`View ${name} ${isThere ? 'stays as it was' : 'is not made'}: ${why}`);
}

/** The hash tells that the SQL is another one. */
function commentOf({ sql, description }: View): string {
  const hash = createHash('sha256').update(sql).digest('hex').slice(0, 8);
  return [description, madeFrom(`pipeline.views, ${hash}`)].filter((text) => text !== undefined).join('\n');
}
