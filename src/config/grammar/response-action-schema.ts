import { z } from 'zod';
import { about } from './about.ts';
import { duration } from './units.ts';

const EXPECTED_STATUS = 'expected a status such as `404`, or `4xx`';

const status = z.union([z.number().int().min(100).max(599), z.string().regex(/^[1-5]xx$/i, EXPECTED_STATUS)]);

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);

const fields = z.strictObject({
  status_code: about(
    'A status such as `404`, or `4xx`; or a list of them',
    z.union([status, z.array(status).min(1)]).optional(),
  ),
  content: about('A text that the reply holds', z.string().min(1).optional()),
  json_path: about(
    'JSONPath to a value of the reply: that it is there and not `null`, or what `equals` says',
    z.string().optional(),
  ),
  equals: about(
    'What the value at `json_path` is, compared as text; or a list of such',
    z.union([scalar, z.array(scalar).min(1)]).optional(),
  ),
  action: about(
    '`ignore`: such a reply has no records, and is counted; `retry`: ask again; `fail`: the resource fails; `stop`: it ends there',
    z.enum(['ignore', 'retry', 'fail', 'stop']),
  ),
  message: about('With `fail`: what the error says', z.string().min(1).optional()),
  as: about(
    'With `fail`, what the exit code says: `refused` 4, `unavailable` 5, `budget` 8. Default: what the status means',
    z.enum(['refused', 'unavailable', 'budget']).optional(),
  ),
  wait: about(
    'With `retry`: the wait where no `Retry-After` says one. Default: as `client.retry`',
    duration.optional(),
  ),
  attempts: about(
    'With `retry`: how often the request is tried, the first time included. Default: as `client.retry`',
    z.number().int().positive().optional(),
  ),
});

type Fields = z.output<typeof fields>;

/** Keys that belong to one action alone. */
const ownKeys = { message: 'fail', as: 'fail', wait: 'retry', attempts: 'retry' } as const;

/** One rule about replies. Its conditions are joined by *and*. */
export const responseAction = fields.superRefine((rule, { addIssue }) => {
  const add = (path: readonly string[], message: string) => addIssue({ code: 'custom', path: [...path], message });
  const { status_code, content, json_path, equals, action } = rule;
  if ((status_code ?? content ?? json_path) === undefined)
    add([], 'expected a condition: `status_code`, `content`, `json_path` or several of them');
  if (equals !== undefined && json_path === undefined) add(['equals'], 'needs a `json_path` beside it');
  for (const [key, owner] of Object.entries(ownKeys))
    if (owner !== action && Reflect.get(rule, key) !== undefined) add([key], `goes with \`action: ${owner}\``);
});

export type ResponseAction = Fields;
