import { z } from 'zod';
import { moneyOf } from '../../values/money.ts';

const EXPECTED = 'expected an amount that is not negative, such as `5` or `0.25`';

/** `5`, `0.25`, `"0.25"` → the same as text, every digit kept. */
export const amount = z.union([z.number(), z.string()], { error: EXPECTED }).transform((value, context) => {
  const money = moneyOf(value);
  if (money !== undefined && money >= 0n) return String(value).trim();
  context.addIssue({ code: 'custom', message: EXPECTED });
  return z.NEVER;
});

/** What one request costs: an amount, or SQL over its values. */
export const cost = z.union([z.number().nonnegative(), z.string().min(1)], {
  error: 'expected an amount, or a SQL expression: `width * height * 0.00000001`',
});
