import { z } from 'zod';
import { plainSecret } from '../plain-secret.ts';
import { about } from './about.ts';
import { secretReference } from './secret-schema.ts';
import { timeLimit } from './units.ts';

/** An address that is told something. Who knows it can write there, so it is a secret, also where it is written as plain text. */
export const hookAddress = z.union([
  secretReference,
  z
    .string()
    .regex(/^https?:\/\/[^\s/]/i, 'expected an address, `https://…`, or a reference: `{ secret: KEY }`')
    .transform((text) => plainSecret('url', text)),
]);

/** Of a hook, whatever it is. */
export const hookTimeout = about(
  'How long it may take, tries included; then the run ends without it. Default `10s`',
  timeLimit.default(10_000),
);

/** Written as an address, or as a mapping with one. */
export const pingSchema = z.union([
  hookAddress.transform((url) => ({ url, timeout: 10_000 })),
  z.strictObject({
    url: about('`/start` and `/<exit code>` follow it', hookAddress),
    timeout: hookTimeout,
  }),
]);
