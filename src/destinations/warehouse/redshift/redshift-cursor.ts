import type { CursorSql } from '../wire/cursor-asking.ts';
import { redshiftRelations } from './redshift-description.ts';
import { duckdbTypeOfRedshift } from './redshift-types.ts';

const BEGIN = 'begin transaction isolation level serializable read only';

/** Without savepoints each question begins a transaction, and sees a moment of its own. */
export const redshiftCursor: CursorSql = {
  begin: [BEGIN],
  anew: ['rollback', BEGIN],
  declare: 'declare answer cursor for',
  bindsValues: false,
  next: (rows) => `fetch forward ${rows} from answer`,
  batch: 1000, // a cluster of one node gives no more
  relations: redshiftRelations,
  duckdbTypeOf: duckdbTypeOfRedshift,
};
