import { z } from 'zod';
import { about } from './about.ts';

const names = z.array(z.string().min(1)).min(1);

/** How the bytes of a reply become records. */
export const format = z.enum(['auto', 'json', 'jsonl', 'csv', 'text', 'binary']);

/** Where the bytes of a binary reply go. */
export const store = z.enum(['files', 'column']);

export const csvOptions = z.strictObject({
  delimiter: about(
    'What stands between the fields. Default: what the first line shows, mostly `,`',
    z
      .string()
      .length(1, 'expected one character, such as `;` or `"\\t"`')
      .refine((sign) => !/["\r\n]/.test(sign), 'expected one character that is neither a quote nor a line break')
      .optional(),
  ),
  header: about(
    'Whether the first line has the names of the columns, or these names where none has. Default `true`',
    z.union([z.boolean(), names]).optional(),
  ),
  encoding: about(
    'How its bytes are characters, such as `windows-1252`. Default: what the reply says, else UTF-8',
    z.string().refine(isEncoding, 'expected the name of an encoding, such as `utf-8` or `windows-1252`').optional(),
  ),
});

export type Format = z.output<typeof format>;
export type CsvOptions = z.output<typeof csvOptions>;

/** Whether a label is one of https://encoding.spec.whatwg.org/#names-and-labels. */
export function isEncoding(label: string): boolean {
  try {
    return new TextDecoder(label).encoding !== '';
  } catch {
    return false;
  }
}
