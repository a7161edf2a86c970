import type { Call } from './reply.ts';

/** What a body says, in whichever form it came. */
export type Fields = Readonly<Record<string, unknown>>;

/** The fields of a body in any of the three forms that the live service takes; undefined when it is in none. */
export async function fieldsOf({ headers, body }: Call): Promise<Fields | undefined> {
  const type = headers['content-type'] ?? '';
  try {
    if (type.startsWith('application/json')) return asFields(JSON.parse(body.toString('utf8')));
    const form = await new Response(new Uint8Array(body), { headers: { 'content-type': type } }).formData();
    return Object.fromEntries(form);
  } catch {
    return undefined;
  }
}

export const present = (value: unknown) => value !== undefined && value !== null && value !== '';

/** NaN when the field is there and no number. Forms bring numbers as text. */
export function wholeNumber(field: unknown, absent: number): number {
  if (!present(field)) return absent;
  return typeof field === 'string' || typeof field === 'number' ? Number(field) : Number.NaN;
}

export const isWhole = (number: number) => Number.isSafeInteger(number) && number >= 0;

// --- internal ---

function asFields(value: unknown): Fields | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
}
