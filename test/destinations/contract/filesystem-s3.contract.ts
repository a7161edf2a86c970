import { contract } from './contract.ts';
import { filesystemS3 } from './kinds/filesystem-s3.ts';

contract(filesystemS3);
