import { bookComments, bookLayout } from '../../load/book-layout.ts';
import type { Catalogue } from '../../load/catalogue.ts';
import type { Target } from '../../load/target.ts';
import { commentOn } from './table-ddl.ts';

/** Books without a comment get theirs: new ones, those of earlier versions, those that dlt made. */
export async function describeBooks(target: Target, actual: Catalogue): Promise<void> {
  for (const [name, { comment }] of Object.entries(bookLayout)) {
    if (actual.get(name)?.comment != null) continue;
    await commentOn(target, name, { table: comment, columns: bookComments(name) });
  }
}
