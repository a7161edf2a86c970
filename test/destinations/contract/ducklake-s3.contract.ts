import { contract } from './contract.ts';
import { lakeWith } from './kinds/lake-with.ts';
import { lakeOnS3 } from './kinds/lakes.ts';

contract(lakeWith(lakeOnS3));
