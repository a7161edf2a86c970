import type { Client } from 'pg';
import { asPipelineError, PipelineError } from '../../../errors.ts';
import { fail, ok, type Symptom, warn } from '../../../report/doctor-text.ts';
import { bytesText } from '../../../text/bytes.ts';
import { connectPostgres, type PostgresPlace } from '../wire/postgres-client.ts';
import { postgresError } from '../wire/postgres-errors.ts';

const SERVER = 'destination';
/** The first that has all that a load asks for. */
const LEAST_VERSION = 120_000;

/** How a server is, and what the user may do there. Changes nothing. */
export async function examinePostgres(place: PostgresPlace): Promise<Symptom[]> {
  const { location } = place;
  try {
    const client = await connectPostgres(place);
    try {
      return await symptomsOf(client, place, location);
    } catch (error) {
      throw postgresError(error, location);
    } finally {
      await client.end().catch(() => undefined);
    }
  } catch (error) {
    return [fail(SERVER, asPipelineError(error))];
  }
}

// --- internal ---

/** All as the server writes it: `t` and `f` are booleans. */
interface Facts {
  readonly version: string;
  readonly number: string;
  readonly tls: string | null;
  readonly user: string;
  readonly standby: string;
  readonly readonly: string;
  readonly there: string;
  readonly creates: string;
  readonly owns: string;
  readonly foreign_tables: string;
  readonly size: string | null;
}

async function symptomsOf(client: Client, place: PostgresPlace, location: string): Promise<Symptom[]> {
  const { rows } = await client.query<Facts>(FACTS, [place.dataset]);
  const [facts] = rows;
  if (facts === undefined) return [];
  const { dataset, credentials } = place;
  const { version, tls, user, size } = facts;
  const encrypted = tls === null ? 'not encrypted' : tls;
  const isFar = tls === null && credentials.sslmode !== 'disable' && !credentials.host.startsWith('/');
  return [
    ok(SERVER, `${location}: PostgreSQL ${version}, user ${user}, ${encrypted}`),
    ...(isFar && credentials.sslmode !== 'prefer'
      ? [warn(SERVER, 'what is sent is not encrypted', 'Let the server have a certificate: `sslmode: verify-full`.')]
      : []),
    ...(Number(facts.number) < LEAST_VERSION
      ? [warn(SERVER, `PostgreSQL ${version} is older than what was tried`, 'Use version 12 or later.')]
      : []),
    ...(facts.standby === 't' || facts.readonly === 'on'
      ? [refused(location, 'takes no changes: it is a standby, or the user may only read', 'Name the primary server.')]
      : []),
    ...rights(facts, dataset, location),
    ...(size === null ? [] : [ok('dataset', `${dataset}: ${bytesText(Number(size))}`)]),
  ];
}

function rights({ there, creates, owns, foreign_tables, user }: Facts, dataset: string, location: string): Symptom[] {
  if (there !== 't' && creates !== 't')
    return [
      refused(
        location,
        `does not let ${user} make the schema ${dataset}`,
        `grant create on database … to ${user}; or make the schema and let ${user} own it.`,
      ),
    ];
  if (there !== 't') return [ok('dataset', `${dataset}: no schema yet, the first run makes it`)];
  if (owns !== 't')
    return [
      refused(
        location,
        `does not let ${user} make tables in the schema ${dataset}`,
        `grant usage, create on schema … to ${user}.`,
      ),
    ];
  if (Number(foreign_tables) === 0) return [ok('dataset', `${user} can make and change tables in ${dataset}`)];
  return [
    warn(
      'dataset',
      `${foreign_tables} tables in ${dataset} belong to somebody else: where a column is new, a load of theirs fails`,
      `Let ${user} own them: alter table … owner to …`,
    ),
  ];
}

function refused(location: string, what: string, hint: string): Symptom {
  const message = `${location} ${what}.`;
  return fail(
    'dataset',
    new PipelineError({ code: 'DestinationFailed', message, hint, facts: { destination: location } }),
  );
}

const FACTS = `
  select current_setting('server_version') as version, current_setting('server_version_num') as number,
         (select version || ' ' || cipher from pg_stat_ssl where pid = pg_backend_pid() and ssl) as tls, current_user as user,
         pg_is_in_recovery() as standby, current_setting('transaction_read_only') as readonly,
         exists (select 1 from pg_namespace where nspname = $1) as there,
         has_database_privilege(current_database(), 'create') as creates,
         coalesce((select has_schema_privilege(oid, 'create') and has_schema_privilege(oid, 'usage') from pg_namespace where nspname = $1), false) as owns,
         (select count(*) from pg_class as c join pg_namespace as n on n.oid = c.relnamespace
          where n.nspname = $1 and c.relkind in ('r', 'p') and not pg_has_role(c.relowner, 'usage')) as foreign_tables,
         (select sum(pg_total_relation_size(c.oid)) from pg_class as c join pg_namespace as n on n.oid = c.relnamespace
          where n.nspname = $1 and c.relkind in ('r', 'p', 'm')) as size`;
