import { parseExactJson } from '../json/exact-json.ts';
import { ExactNumber } from '../json/exact-number.ts';
import { jsonText } from '../json/json-text.ts';

/** What records are ordered by: a text or a number, as JSON has it. */
export type CursorValue = string | number | bigint | ExactNumber;

export function isCursorValue(value: unknown): value is CursorValue {
  return typeof value === 'string' || isCursorNumber(value);
}

export function isCursorNumber(value: unknown): value is Exclude<CursorValue, string> {
  return typeof value === 'number' || typeof value === 'bigint' || value instanceof ExactNumber;
}

/** As JSON text, which is how packages and dlt's state keep it: `"2024-01-15"`, `17`. */
export function cursorText(value: CursorValue): string {
  return jsonText(value);
}

/**
 * The value of a JSON text; undefined for none, `null`, or what is neither text nor number. dlt begins a text that stands for a date or a
 * decimal with a character of its own, which says so.
 */
export function cursorOfText(text: string | null | undefined): CursorValue | undefined {
  if (text == null) return undefined;
  const value: unknown = parseExactJson(text, true);
  if (typeof value === 'string') return value.replace(/^[\uf026-\uf02d]/u, '');
  return isCursorValue(value) ? value : undefined;
}

/** For messages: `"2024-01-15" (text)`, `17 (a number)`. */
export function shownCursor(value: unknown): string {
  const text = jsonText(value);
  const kind = typeof value === 'string' ? 'text' : isCursorNumber(value) ? 'a number' : 'neither text nor number';
  return `${text.length > 80 ? `${text.slice(0, 80)}…` : text} (${kind})`;
}
