import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { asPipelineError, PipelineError } from '../../../errors.ts';
import { fail, ok, type Symptom } from '../../../report/doctor-text.ts';
import { connectPostgres, type PostgresPlace } from '../wire/postgres-client.ts';
import { postgresError } from '../wire/postgres-errors.ts';
import { type BucketSettings, StagingBucket } from './staging-bucket.ts';

/** How the server is, what the user may do there, and whether the bucket takes a file. Leaves nothing. */
export async function examineRedshift(place: PostgresPlace, staging: BucketSettings): Promise<Symptom[]> {
  return [...(await examineServer(place)), await examineBucket(staging)];
}

// --- internal ---

interface Facts {
  readonly version: string;
  readonly user: string;
  readonly there: string;
  readonly creates: string;
  readonly owns: string;
}

async function examineServer(place: PostgresPlace): Promise<Symptom[]> {
  try {
    const client = await connectPostgres(place);
    try {
      const { rows } = await client.query<Facts>(FACTS, [place.dataset.toLowerCase()]);
      return rows.flatMap((facts) => symptomsOf(facts, place));
    } catch (error) {
      throw postgresError(error, place.location);
    } finally {
      await client.end().catch(() => undefined);
    }
  } catch (error) {
    return [fail('destination', asPipelineError(error))];
  }
}

function symptomsOf({ version, user, there, creates, owns }: Facts, { location, dataset }: PostgresPlace): Symptom[] {
  const server = ok('destination', `${location}: ${/Redshift [\w.]+/.exec(version)?.[0] ?? version}, user ${user}`);
  const refused = (what: string, hint: string) =>
    fail(
      'dataset',
      new PipelineError({ code: 'DestinationFailed', message: `${location} ${what}.`, hint, facts: { dataset } }),
    );
  if (there === 't' && owns !== 't')
    return [
      server,
      refused(`does not let ${user} make tables in ${dataset}`, `grant usage, create on schema … to ${user}.`),
    ];
  if (there === 't') return [server, ok('dataset', `${user} can make tables in ${dataset}`)];
  if (creates === 't') return [server, ok('dataset', `${dataset}: no schema yet, the first run makes it`)];
  return [server, refused(`does not let ${user} make the schema ${dataset}`, `grant create on database … to ${user}.`)];
}

const FACTS = `
  select version() as version, current_user as user,
         (select count(*) > 0 from pg_namespace where nspname = $1) as there,
         has_database_privilege(current_database(), 'create') as creates,
         coalesce((select has_schema_privilege(nspname, 'create') and has_schema_privilege(nspname, 'usage')
                   from pg_namespace where nspname = $1), false) as owns`;

async function examineBucket(staging: BucketSettings): Promise<Symptom> {
  const folder = await mkdtemp(join(tmpdir(), 'dezgo-elt-'));
  try {
    const path = join(folder, 'trial');
    await writeFile(path, 'trial');
    const bucket = await StagingBucket.open(staging);
    try {
      await bucket.whileThere('elt_trial', path, async () => undefined);
    } finally {
      bucket.close();
    }
    return ok('staging', `${staging.bucket_url} takes files; whether Redshift reads them, the first load finds out`);
  } catch (error) {
    return fail('staging', asPipelineError(error));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
