import { z } from 'zod';
import type { WithSecrets } from '../secret-reference.ts';
import { about } from './about.ts';
import { hookAddress, hookTimeout } from './hook-schema.ts';
import { amount } from './money-schema.ts';
import { headersSchema } from './secret-schema.ts';
import { age } from './units.ts';

/** What somebody may want to be told of a run. */
const notifyKinds = ['failure', 'recovery', 'schema_change', 'stale', 'low_balance'] as const;

const notifyEntry = z
  .strictObject({
    on: about(
      'What is told. Default `[failure, recovery]`',
      z.array(z.enum(notifyKinds)).min(1).default(['failure', 'recovery']),
    ),
    after: about('How many runs in a row have to fail before that is told', z.number().int().positive().default(1)),
    url: about('Gets a POST of JSON, whose `text` Slack and its kind show', hookAddress.optional()),
    headers: about('Headers of that request', headersSchema.optional()),
    command: about(
      'A program and its arguments, which gets the same JSON on its standard input; no shell',
      z.array(z.string()).min(1).optional(),
    ),
    timeout: hookTimeout,
    max_age: about('`stale`: how old the last good load of a resource may be', age.optional()),
    balance: about('`low_balance`: below which balance', amount.optional()),
  })
  .superRefine(({ on, url, command, headers, max_age, balance }, context) => {
    const complain = (path: string[], message: string) => context.addIssue({ code: 'custom', path, message });
    if ((url === undefined) === (command === undefined)) complain([], 'expected either `url` or `command`');
    if (command?.[0] === '') complain(['command'], 'expected the name of a program first');
    if (headers !== undefined && url === undefined) complain(['headers'], 'only a `url` has headers');
    for (const [kind, key, value] of [
      ['stale', 'max_age', max_age],
      ['low_balance', 'balance', balance],
    ] as const) {
      if (on.includes(kind) && value === undefined) complain([], `\`on: ${kind}\` needs \`${key}\``);
      if (!on.includes(kind) && value !== undefined) complain([key], `is for \`${kind}\`: add that to \`on\``);
    }
  });

/** One hook, or a list of them. */
export const notifySchema = z.union([notifyEntry.transform((entry) => [entry]), z.array(notifyEntry)]);

export type NotifyKind = (typeof notifyKinds)[number];
export type NotifyEntry = WithSecrets<z.output<typeof notifyEntry>>;
