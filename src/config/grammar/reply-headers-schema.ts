import { z } from 'zod';

/** A header's name as replies have it, in lower case. */
export const headerName = z
  .string()
  .regex(/^[!#$%&'*+.^_`|~\w-]+$/, 'expected the name of a header, such as `x-request-cost`')
  .toLowerCase();
