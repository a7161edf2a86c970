import { contract } from './contract.ts';
import { lakeWith } from './kinds/lake-with.ts';
import { lakeInSqlite } from './kinds/lakes.ts';

contract(lakeWith(lakeInSqlite));
