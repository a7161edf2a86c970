import { quotedIdentifier } from '../../../duckdb/quote.ts';

/** What a session begins with, whatever the database or the user is set to. */
export function postgresSettings(dataset: string): string {
  return [
    `set search_path to ${quotedIdentifier(dataset)}`,
    "set time zone 'UTC'",
    "set datestyle to 'ISO, YMD'",
    "set intervalstyle to 'postgres'",
    "set bytea_output to 'hex'",
    'set extra_float_digits to 1',
    'set standard_conforming_strings to on',
    'set client_min_messages to error',
    "set client_encoding to 'UTF8'",
  ].join('; ');
}
