import { contract } from './contract.ts';
import { ducklake } from './kinds/ducklake.ts';

contract(ducklake);
