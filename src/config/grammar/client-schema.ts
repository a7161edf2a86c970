import { z } from 'zod';
import { clientDefaults } from '../client-defaults.ts';
import type { WithSecrets } from '../secret-reference.ts';
import { authSchema } from './auth-schema.ts';
import { httpUrl } from './http-url.ts';
import { paginatorSchema } from './paginator-schema.ts';
import { headersSchema } from './secret-schema.ts';
import { byteSize, duration, rateLimit, timeLimit } from './units.ts';

const { timeout, retry, max_response_bytes, concurrency } = clientDefaults;

export const clientSchema = z.strictObject({
  base_url: httpUrl,
  headers: headersSchema.default({}),
  auth: authSchema.optional(),
  paginator: paginatorSchema.optional(),
  timeout: timeLimit.default(timeout),
  retry: z
    .strictObject({
      attempts: z.number().int().positive().default(retry.attempts),
      backoff: duration.default(retry.backoff),
      max_delay: duration.default(retry.max_delay),
    })
    .prefault({}),
  max_response_bytes: byteSize.default(max_response_bytes),
  concurrency: z.number().int().min(1).max(100).default(concurrency),
  rate_limit: rateLimit.optional(),
});

export type ClientConfig = WithSecrets<z.output<typeof clientSchema>>;
