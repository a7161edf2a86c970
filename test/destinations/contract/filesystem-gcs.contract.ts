import { contract } from './contract.ts';
import { filesystemIn } from './kinds/filesystem-in.ts';
import { gcsBucket } from './kinds/gcs-bucket.ts';

contract(filesystemIn('filesystem-gcs', gcsBucket));
