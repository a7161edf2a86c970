import { createPrivateKey } from 'node:crypto';
import type { BigqueryCredentials } from '../../../config/grammar/bigquery-destination.ts';
import { PipelineError } from '../../../errors.ts';
import { requireClient } from '../../require-client.ts';

/** What we use of `@google-cloud/bigquery`, whose own types are not installed where it is not. https://cloud.google.com/nodejs/docs/reference/bigquery/latest */
export interface BigqueryClient {
  createQueryJob(query: BigqueryQuery): Promise<readonly [BigqueryJob, ...unknown[]]>;
  job(id: string, of: { readonly location: string }): BigqueryJob;
  dataset(id: string): {
    table(id: string): {
      load(path: string, options: object): Promise<unknown>;
    };
  };
  /** Of the REST API. */
  request(of: { uri: string; qs: object }, done: (error: Error | null, answer: BigqueryAnswer) => void): void;
}

export interface BigqueryQuery {
  readonly query: string;
  readonly params?: readonly (string | number | boolean | null)[];
  /** Of the values, in their order. */
  readonly types?: readonly string[];
  readonly createSession?: boolean;
  readonly connectionProperties?: readonly { readonly key: string; readonly value: string }[];
  readonly defaultDataset?: { readonly datasetId: string };
  readonly dryRun?: boolean;
}

export interface BigqueryJob {
  readonly id: string;
  readonly location?: string | undefined;
  readonly metadata?: BigqueryJobFacts;
  getMetadata(): Promise<readonly [BigqueryJobFacts, ...unknown[]]>;
  /** Until it has ended; throws what it failed with. */
  promise(): Promise<unknown>;
  cancel(): Promise<unknown>;
}

export interface BigqueryJobFacts {
  readonly status?: { readonly state?: string };
  readonly statistics?: {
    readonly sessionInfo?: { readonly sessionId?: string };
    readonly load?: { readonly outputRows?: string };
    readonly query?: { readonly numDmlAffectedRows?: string; readonly statementType?: string };
  };
}

/** https://cloud.google.com/bigquery/docs/reference/rest/v2/jobs/getQueryResults */
export interface BigqueryAnswer {
  readonly jobComplete?: boolean;
  readonly schema?: { readonly fields?: readonly BigqueryField[] };
  readonly rows?: readonly { readonly f: readonly { readonly v: unknown }[] }[];
  readonly pageToken?: string;
  readonly numDmlAffectedRows?: string;
}

export interface BigqueryField {
  readonly name: string;
  readonly type: string;
  readonly mode?: string;
  readonly precision?: string;
  readonly scale?: string;
}

/** What a client is made with. */
export interface BigqueryPlace {
  readonly credentials: BigqueryCredentials;
  /** Where jobs run, and datasets are made. */
  readonly region: string;
  readonly endpoint: string | undefined;
  /** Names without a dataset are looked up in it. */
  readonly dataset: string;
}

interface BigqueryLibrary {
  readonly BigQuery: new (options: object) => BigqueryClient;
}

/** Nothing is sent yet. Without a key it signs in as whoever runs this: https://cloud.google.com/docs/authentication/application-default-credentials */
export async function bigqueryClient({ credentials, region, endpoint }: BigqueryPlace): Promise<BigqueryClient> {
  const { project_id: projectId, client_email, missing } = credentials;
  if (projectId === '') missing?.reveal();
  const key = await privateKeyOf(credentials);
  const name = '@google-cloud/bigquery';
  const { BigQuery } = await requireClient<BigqueryLibrary>(name, () => import(name));
  return new BigQuery({
    ...{ projectId, location: region },
    ...(endpoint !== undefined && { apiEndpoint: endpoint }),
    ...(isPlain(endpoint) && { authClient: { getRequestHeaders: async () => new Headers() } }),
    ...(key !== undefined && { credentials: { client_email, private_key: key } }),
  });
}

// --- internal ---

/** Undefined where nobody signs in by a key. */
async function privateKeyOf({ client_email, private_key }: BigqueryCredentials): Promise<string | undefined> {
  const key = (await private_key.revealed())?.replaceAll('\\n', '\n');
  if (key === undefined && client_email === undefined) return undefined;
  try {
    createPrivateKey(key ?? '');
    return key;
  } catch (cause) {
    const what = key === undefined ? `of ${client_email} was not found` : 'cannot be read';
    throw new PipelineError({
      code: 'ConfigInvalid',
      message: `The private key of the destination ${what}.`,
      hint: '`private_key` is that of the key file of the service account (PEM). Without it and `client_email`, application default credentials sign in.',
      facts: {},
      cause,
    });
  }
}

/** Over plain HTTP nobody signs in: a token could be read on its way. */
function isPlain(endpoint: string | undefined): boolean {
  return endpoint?.startsWith('http:') === true;
}
