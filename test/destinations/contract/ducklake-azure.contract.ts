import { contract } from './contract.ts';
import { lakeWith } from './kinds/lake-with.ts';
import { lakeOnAzure } from './kinds/lakes.ts';

contract(lakeWith(lakeOnAzure));
