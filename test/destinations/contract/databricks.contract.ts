import { contract } from './contract.ts';
import { databricks } from './kinds/databricks.ts';

contract(databricks);
