import { z } from 'zod';
import { clientDefaults } from '../client-defaults.ts';
import type { WithSecrets } from '../secret-reference.ts';
import { about } from './about.ts';
import { authSchema, noAuth } from './auth-schema.ts';
import { urlWithVariables } from './http-url.ts';
import { amount } from './money-schema.ts';
import { paginatorSchema } from './paginator-schema.ts';
import { captureHeaders, headerName } from './reply-headers-schema.ts';
import { headersSchema, variablesSchema } from './secret-schema.ts';
import { byteSize, duration, rateLimit, timeLimit } from './units.ts';

const { timeout, retry, concurrency } = clientDefaults;

const retrySchema = z.strictObject({
  attempts: about(
    'How often a request is tried, the first time included',
    z.number().int().positive().default(retry.attempts),
  ),
  backoff: about(
    'The first wait; each one is twice the one before, with jitter. Default `1s`',
    duration.default(retry.backoff),
  ),
  max_delay: about(
    'The longest wait; a `Retry-After` that is longer fails at once. Default `300s`',
    duration.default(retry.max_delay),
  ),
});

const page = z.url({ protocol: /^https?$/ });

const linksSchema = z.strictObject({
  keys: about('Where keys are made', page.optional()),
  billing: about('Where credit is added to the account', page.optional()),
});

export const clientSchema = z.strictObject({
  base_url: about('What the paths of all resources follow', urlWithVariables),
  variables: about(
    'Values by name: `{variables.shop}` stands for one in `base_url`, `headers`, `path`, `params`, `json` and `data`',
    variablesSchema.optional(),
  ),
  headers: about('Headers of every request', headersSchema.default({})),
  auth: about('Credentials of every request', z.union([noAuth.transform(() => undefined), authSchema]).optional()),
  paginator: about('How lists are read page by page, where a resource does not say', paginatorSchema.optional()),
  timeout: about('How long a request may take, its body included. Default `60s`', timeLimit.default(timeout)),
  retry: about('When 408, 429, 5xx and failures of the network are tried again', retrySchema.prefault({})),
  max_response_bytes: about(
    'The largest reply, decompressed. Default `256MB`; what is written to a file has no limit but one that is set here',
    byteSize.optional(),
  ),
  concurrency: about(
    'How many requests are sent at once; 1 is one after another',
    z.number().int().min(1).max(100).default(concurrency),
  ),
  rate_limit: about('The most requests in a time: `10/1s`, `100/m`', rateLimit.optional()),
  capture_headers: about(
    'Headers of replies that become columns of `_elt_requests`, a row a request: `x-cost`, `x-ratelimit-*`',
    captureHeaders,
  ),
  cost_header: about('The header of replies that says what a request cost: `x-credits-cost`', headerName.optional()),
  balance_header: about(
    'The header of replies that says what is left: `x-ratelimit-credits-remaining`',
    headerName.optional(),
  ),
  links: about(
    'Pages of the source that hints name where a key is refused or the credit is used up',
    linksSchema.optional(),
  ),
  currency: about('What costs and balances count, as messages show it. Default `usd`', z.string().min(1).optional()),
  min_balance: about(
    'What has to be left of the balance: a run stops before the paid request that would take it below',
    amount.optional(),
  ),
});

export type ClientConfig = WithSecrets<z.output<typeof clientSchema>>;
