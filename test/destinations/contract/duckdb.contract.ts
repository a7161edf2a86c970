import { contract } from './contract.ts';
import { duckdbFile } from './kinds/duckdb-file.ts';

contract(duckdbFile);
