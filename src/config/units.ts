import { z } from 'zod';

const durationFactors: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const sizeFactors: Readonly<Record<string, number>> = { B: 1, KB: 1e3, MB: 1e6, GB: 1e9 };

function quantity(pattern: RegExp, factors: Readonly<Record<string, number>>, bare: number, what: string) {
  return z.union([z.number(), z.string()], { error: `expected ${what}` }).transform((value, context) => {
    const match = pattern.exec(String(value).trim());
    const factor = match === null ? undefined : match[2] === undefined ? bare : factors[match[2]];
    if (match === null || factor === undefined) {
      context.addIssue({ code: 'custom', message: `expected ${what}` });
      return z.NEVER;
    }
    return Number(match[1]) * factor;
  });
}

/** `30`, `30s`, `5m`, `2h` → milliseconds. */
export const duration = quantity(
  /^(\d+(?:\.\d+)?)(ms|s|m|h|d)?$/,
  durationFactors,
  1000,
  'a duration: seconds, or `30s`, `5m`, `2h`',
);

/** `1024`, `256MB` → bytes. */
export const byteSize = quantity(/^(\d+(?:\.\d+)?)(B|KB|MB|GB)?$/, sizeFactors, 1, 'a size: bytes, or `256MB`');
