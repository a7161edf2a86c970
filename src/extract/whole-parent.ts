import type { ResolvedResource } from '../config/pipeline-config.ts';
import { stoppedBy } from './chain-ends.ts';
import type { Position } from './page.ts';
import { progressOf } from './position.ts';
import { removingDisposition, rowsWouldVanish, saidOfRests } from './reply/unread-lists.ts';

/** Throws ListIncomplete for a child whose rows would be taken away where the list of its parents was not read to its end. */
export function requireWholeParent(child: ResolvedResource, parent: string, position: Position | null): void {
  const removing = removingDisposition(child);
  if (removing === undefined) return;
  const progress = progressOf(position);
  const of = `of its parent \`${parent}\` `;
  const unread = saidOfRests(progress, 1).find(({ rest }) => rest.isSure);
  if (unread !== undefined) throw rowsWouldVanish(child.name, removing, unread.rest, of);
  if (progress.stop === undefined) return;
  const says = stoppedBy(progress.stop.at, 'the list');
  throw rowsWouldVanish(child.name, removing, { says, so: '', advice: 'use `write_disposition: merge`' }, of);
}
