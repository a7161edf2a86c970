import pg from 'pg';
import { startServer } from './postgres.mjs';

/**
 * Nothing runs Redshift's SQL but Redshift. In its place: PostgreSQL with the types and functions that it lacks, and a backslash that
 * escapes in texts. The one statement `COPY … FORMAT AS PARQUET` is done by redshift-copy.mjs.
 */
export async function startRedshift() {
  const { url, stop } = await startServer([
    'standard_conforming_strings=off',
    'escape_string_warning=off',
    'allow_system_table_mods=on',
  ]);
  try {
    const client = new pg.Client(url);
    await client.connect();
    await client.query(TYPES).finally(() => client.end());
    return { env: { TEST_REDSHIFT: url }, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** As far as a load uses them. */
const TYPES = `
  create type pg_catalog.super;
  create function pg_catalog.super_in(cstring) returns super language internal immutable strict as 'jsonb_in';
  create function pg_catalog.super_out(super) returns cstring language internal immutable strict as 'jsonb_out';
  create type pg_catalog.super (input = pg_catalog.super_in, output = pg_catalog.super_out, like = jsonb);
  create cast (jsonb as super) without function;
  create cast (super as jsonb) without function;
  create function pg_catalog.json_parse(text) returns super language sql immutable strict as 'select $1::jsonb::super';
  create function pg_catalog.json_serialize(super) returns text language sql immutable strict as 'select $1::jsonb::text';

  create type pg_catalog.varbyte;
  create function pg_catalog.varbyte_in(cstring) returns varbyte language internal immutable strict as 'byteain';
  create function pg_catalog.varbyte_out(varbyte) returns cstring language internal immutable strict as 'byteaout';
  create type pg_catalog.varbyte (input = pg_catalog.varbyte_in, output = pg_catalog.varbyte_out,
    typmod_in = pg_catalog.varchartypmodin, typmod_out = pg_catalog.varchartypmodout, like = bytea);
  create cast (varbyte as bytea) without function;
  create function pg_catalog.to_hex(varbyte) returns text language sql immutable strict as 'select encode($1::bytea, ''hex'')';

  create function pg_catalog.getdate() returns timestamp language sql as 'select clock_timestamp()::timestamp';
`;
