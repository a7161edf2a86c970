import { quotedIdentifier } from '../../../duckdb/quote.ts';

/** What a session begins with, whatever the database or the user is set to. */
export function redshiftSettings(dataset: string): string {
  return [
    `set search_path to ${quotedIdentifier(dataset.toLowerCase())}`,
    "set timezone to 'UTC'",
    "set datestyle to 'ISO, YMD'",
    'set extra_float_digits to 2',
  ].join('; ');
}
