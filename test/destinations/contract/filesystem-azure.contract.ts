import { contract } from './contract.ts';
import { azureBucket } from './kinds/azure-bucket.ts';
import { filesystemIn } from './kinds/filesystem-in.ts';

contract(filesystemIn('filesystem-azure', azureBucket));
