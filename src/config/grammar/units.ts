import { z } from 'zod';

const durationFactors: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const EXPECTED_RATE = 'expected requests in a time: `10/1s`, `100/1m`';
const EXPECTED_LIMIT = 'expected a part of the rows, from `0%` to `100%`, or a number of rows';
const sizeFactors: Readonly<Record<string, number>> = { B: 1, KB: 1e3, MB: 1e6, GB: 1e9 };

function quantity(pattern: RegExp, factors: Readonly<Record<string, number>>, bare: number, what: string) {
  return z.union([z.number(), z.string()], { error: `expected ${what}` }).transform((value, context) => {
    const match = pattern.exec(String(value).trim());
    const factor = match === null ? undefined : match[2] === undefined ? bare : factors[match[2]];
    const amount = match === null || factor === undefined ? Number.NaN : Number(match[1]) * factor;
    if (Number.isFinite(amount)) return amount;
    context.addIssue({ code: 'custom', message: `expected ${what}` });
    return z.NEVER;
  });
}

/** `30`, `30s`, `5m`, `2h`, `7d` → milliseconds. Of an age, which is compared; what is waited for is a `duration`. */
export const age = quantity(
  /^(\d+(?:\.\d+)?)(ms|s|m|h|d)?$/,
  durationFactors,
  1000,
  'a duration: seconds, or `500ms`, `30s`, `5m`, `2h`',
);

/** A timer of Node counts milliseconds in 32 bits: a longer one would go off at once. */
const LONGEST_DAYS = 24;

/** How long something is waited for: at most 24 days. */
export const duration = age.refine((ms) => ms <= LONGEST_DAYS * 86_400_000, `expected at most ${LONGEST_DAYS}d`);

/** The time after which something is given up. */
export const timeLimit = duration.refine((ms) => ms > 0, 'expected a duration above 0');

/** `1024`, `256MB` → bytes. */
export const byteSize = quantity(/^(\d+(?:\.\d+)?)(B|KB|MB|GB)?$/, sizeFactors, 1, 'a size: bytes, or `256MB`');

/** `10/1s`, `100/m` → so many requests in so many milliseconds. */
export const rateLimit = z.string({ error: EXPECTED_RATE }).transform((text, context) => {
  const [, requests = '', window = ''] = /^\s*(\d{1,9})\s*\/\s*(\S+)\s*$/.exec(text) ?? [];
  const parsed = timeLimit.safeParse(/^\d/.test(window) ? window : `1${window}`);
  if (parsed.success && Number(requests) > 0 && window !== '')
    return { requests: Number(requests), window: parsed.data };
  context.addIssue({ code: 'custom', message: EXPECTED_RATE });
  return z.NEVER;
});

/** `50%` → a share of 0.5, `10` → ten rows. */
export const deleteLimit = z.union([z.number(), z.string()], { error: EXPECTED_LIMIT }).transform((value, context) => {
  const [, digits, percent] = /^(\d+(?:\.\d+)?)(%)?$/.exec(String(value).trim()) ?? [];
  const number = Number(digits);
  if (percent !== undefined && number <= 100) return { share: number / 100 };
  if (percent === undefined && Number.isSafeInteger(number)) return { rows: number };
  context.addIssue({ code: 'custom', message: EXPECTED_LIMIT });
  return z.NEVER;
});
