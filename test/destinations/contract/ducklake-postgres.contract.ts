import { contract } from './contract.ts';
import { lakeWith } from './kinds/lake-with.ts';
import { lakeInPostgres } from './kinds/lakes.ts';

contract(lakeWith(lakeInPostgres));
