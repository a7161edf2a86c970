import { z } from 'zod';
import type { WithSecrets } from '../secret-reference.ts';
import { authSchema } from './auth-schema.ts';
import { httpUrl } from './http-url.ts';
import { paginatorSchema } from './paginator-schema.ts';
import { headersSchema } from './secret-schema.ts';
import { byteSize, duration, timeLimit } from './units.ts';

export const clientSchema = z.strictObject({
  base_url: httpUrl,
  headers: headersSchema.default({}),
  auth: authSchema.optional(),
  paginator: paginatorSchema.optional(),
  timeout: timeLimit.default(60_000),
  retry: z
    .strictObject({
      attempts: z.number().int().positive().default(5),
      backoff: duration.default(1000),
      max_delay: duration.default(300_000),
    })
    .prefault({}),
  max_response_bytes: byteSize.default(256_000_000),
});

export type ClientConfig = WithSecrets<z.output<typeof clientSchema>>;
