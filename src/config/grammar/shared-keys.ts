import { z } from 'zod';
import { about } from './about.ts';

/** Where a destination is no folder of this machine. */
export const filesDir = about(
  'The folder for images and other files, relative to this one. Default `files`',
  z.string().min(1).optional(),
);

export const replaceStrategy = about(
  "One of dlt's; all of them give the same rows",
  z.enum(['truncate-and-insert', 'insert-from-staging', 'staging-optimized']).optional(),
);
