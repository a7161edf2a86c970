import { contract } from './contract.ts';
import { postgres } from './kinds/postgres.ts';

contract(postgres);
