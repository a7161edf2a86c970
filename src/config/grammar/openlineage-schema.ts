import { z } from 'zod';
import { about } from './about.ts';
import { hookAddress, hookTimeout } from './hook-schema.ts';
import { headersSchema } from './secret-schema.ts';

export const openLineageSchema = z
  .strictObject({
    url: about('Gets each event as a POST: `http://marquez:5000/api/v1/lineage`', hookAddress.optional()),
    headers: about('Headers of those requests', headersSchema.optional()),
    file: about('Gets each event as a line of JSON at its end', z.string().min(1).optional()),
    namespace: about('Of the job, whose name is that of the pipeline', z.string().min(1).default('default')),
    timeout: hookTimeout,
  })
  .refine(({ url, file }) => url !== undefined || file !== undefined, 'expected `url` or `file`');
