import { z } from 'zod';

const NAME = /^[!#$%&'*+.^_`|~\w-]+$/;

/** A header's name as replies have it, in lower case. */
export const headerName = z
  .string()
  .regex(NAME, 'expected the name of a header, such as `x-request-cost`')
  .toLowerCase();

const keptName = headerName.refine(
  (name) => !holdsCredential(name),
  'holds a credential or a session: it is not kept in rows',
);

/** With `*` for anything. */
export const captureHeaders = z.array(keptName).optional();

/** By header, the key in the records of its reply. */
export const includeHeaders = z.record(keptName, z.string().min(1)).optional();

/** By its name. No pattern catches such a header. */
export function holdsCredential(header: string): boolean {
  return /cookie|authorization|(^|[-_])(token|secret|password|passwd|(api|auth|access)[-_]?key)$/.test(header);
}
