import { z } from 'zod';
import { about } from './about.ts';

const name = z.string().regex(/^[a-z][a-z0-9_]*$/, 'expected lower-case letters, digits and `_`, a letter first');

const select = z.string().min(1);

export interface View {
  readonly sql: string;
  readonly description?: string | undefined;
}

/** Always with `sql` afterwards. */
export const viewsSchema = z.record(
  name,
  z.union([
    select.transform((sql): View => ({ sql })),
    z.strictObject({
      sql: about('One `select`; the dataset is its search path', z.string().min(1)),
      description: about('Becomes the comment of the view', z.string().optional()),
    }),
  ]),
);
