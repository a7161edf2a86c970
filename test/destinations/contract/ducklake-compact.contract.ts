import { expectCompacting } from './compacting.ts';
import { lakeInFile } from './kinds/lakes.ts';

expectCompacting(lakeInFile);
