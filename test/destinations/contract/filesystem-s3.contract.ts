import { contract } from './contract.ts';
import { filesystemIn } from './kinds/filesystem-in.ts';
import { s3Bucket } from './kinds/s3-bucket.ts';

contract(filesystemIn('filesystem-s3', s3Bucket));
