import { contract } from './contract.ts';
import { bigquery } from './kinds/bigquery.ts';

contract(bigquery);
