import { contract } from './contract.ts';
import { filesystem } from './kinds/filesystem.ts';

contract(filesystem);
