import type { CursorSql } from '../wire/cursor-asking.ts';
import { postgresRelations } from './postgres-description.ts';
import { duckdbTypeOfPostgres } from './postgres-types.ts';

/** All questions see one moment. */
export const postgresCursor: CursorSql = {
  begin: ['begin transaction isolation level repeatable read, read only', 'savepoint question'],
  anew: ['rollback to savepoint question'],
  declare: 'declare answer no scroll cursor for',
  bindsValues: true,
  next: (rows) => `fetch ${rows} from answer`,
  batch: 2000,
  relations: postgresRelations,
  duckdbTypeOf: duckdbTypeOfPostgres,
};
