import { contract } from './contract.ts';
import { snowflake } from './kinds/snowflake.ts';

contract(snowflake);
