import { contract } from './contract.ts';
import { redshift } from './kinds/redshift.ts';

contract(redshift);
