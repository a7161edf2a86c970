import { z } from 'zod';
import { authSchema } from './auth-schema.ts';
import { httpUrl } from './http-url.ts';
import { paginatorSchema } from './paginator-schema.ts';
import { headersSchema, type SecretSource } from './secret-schema.ts';
import { byteSize, duration, timeLimit } from './units.ts';

export function clientSchema(source: SecretSource) {
  return z.strictObject({
    base_url: httpUrl,
    headers: headersSchema(source).default({}),
    auth: authSchema(source).optional(),
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
}

export type ClientConfig = z.output<ReturnType<typeof clientSchema>>;
