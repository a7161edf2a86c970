import type { ExtensionName } from '../../duckdb/extensions.ts';
import { quotedString } from '../../duckdb/quote.ts';
import { PipelineError } from '../../errors.ts';
import type { LakeSettings } from './lake-kind.ts';

/** What DuckDB needs to reach the Parquet files. */
export interface LakeStorage {
  /** A folder, or the address of one; with a slash at the end. */
  readonly path: string;
  /** Undefined: a folder of this machine. */
  readonly scheme: string | undefined;
  readonly extensions: readonly ExtensionName[];
  /** `create secret`, with secrets in it; undefined where none is needed. */
  readonly secret: string | undefined;
}

const SECRET = 'lake_data';

/** @throws PipelineError ConfigInvalid: an address that DuckDB has nothing for, credentials that it cannot use */
export function lakeStorage({ data_path, storage_credentials }: LakeSettings): LakeStorage {
  const path = data_path.endsWith('/') ? data_path : `${data_path}/`;
  const scheme = /^([a-z][a-z0-9]+):\/\//i.exec(data_path)?.[1]?.toLowerCase();
  if (scheme === undefined) return { path, scheme, extensions: [], secret: undefined };
  const store = stores[scheme];
  if (store === undefined) throw noStore(data_path);
  return { path, scheme, extensions: store.extensions(storage_credentials), secret: store.secret(storage_credentials) };
}

// --- internal ---

type Credentials = LakeSettings['storage_credentials'];

interface Store {
  extensions(credentials: Credentials): readonly ExtensionName[];
  secret(credentials: Credentials): string;
}

const s3: Store = {
  extensions: ({ aws_access_key_id }) => (aws_access_key_id === undefined ? ['httpfs', 'aws'] : ['httpfs']),
  secret: (credentials) => {
    const { aws_access_key_id, profile_name, region_name } = credentials;
    const sole: Members =
      aws_access_key_id === undefined ? { provider: 'credential_chain', profile: profile_name } : keys(credentials);
    return createSecret('s3', { ...sole, region: region_name, ...endpoint(credentials) });
  },
};

/** Google's store as S3 does it: DuckDB signs with an HMAC key, not as a service account. */
const gcs: Store = {
  extensions: () => ['httpfs'],
  secret: (credentials) => {
    if (credentials.aws_access_key_id === undefined) throw noHmacKey();
    return createSecret('gcs', { ...keys(credentials), ...endpoint(credentials) });
  },
};

const azure: Store = {
  extensions: () => ['azure'],
  secret: (credentials) => {
    const { azure_storage_account_name: account, azure_tenant_id, azure_client_id, azure_client_secret } = credentials;
    if (azure_client_id !== undefined) {
      const client_secret = azure_client_secret?.reveal();
      const principal = { tenant_id: azure_tenant_id, client_id: azure_client_id, client_secret };
      return createSecret('azure', { provider: 'service_principal', ...principal, account_name: account });
    }
    return createSecret('azure', { connection_string: connectionString(credentials) });
  },
};

const stores: Readonly<Record<string, Store>> = { s3, gs: gcs, gcs, az: azure, azure };

type Members = Readonly<Record<string, string | boolean | undefined>>;

function keys({ aws_access_key_id, aws_secret_access_key, aws_session_token }: Credentials): Members {
  const [secret, session_token] = [aws_secret_access_key?.reveal(), aws_session_token?.reveal()];
  return { key_id: aws_access_key_id, secret, session_token };
}

function endpoint({ endpoint_url, s3_url_style }: Credentials): Members {
  if (endpoint_url === undefined) return { url_style: s3_url_style };
  const { host, protocol } = new URL(endpoint_url);
  return { endpoint: host, use_ssl: protocol === 'https:', url_style: s3_url_style ?? 'path' };
}

function connectionString(credentials: Credentials): string {
  const { azure_storage_account_name, azure_storage_account_key, azure_storage_sas_token, azure_account_host } =
    credentials;
  const host = azure_account_host ?? `${azure_storage_account_name}.blob.core.windows.net`;
  const members: Members = {
    DefaultEndpointsProtocol: host.startsWith('http://') ? 'http' : 'https',
    AccountName: azure_storage_account_name,
    AccountKey: azure_storage_account_key?.reveal(),
    SharedAccessSignature: azure_storage_sas_token?.reveal(),
    BlobEndpoint: azure_account_host === undefined || host.includes('://') ? azure_account_host : `https://${host}`,
  };
  return Object.entries(members)
    .flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${value}`]))
    .join(';');
}

function createSecret(type: string, members: Members): string {
  const written = Object.entries(members).flatMap(([name, value]) => {
    if (value === undefined) return [];
    return [`${name} ${typeof value === 'boolean' ? value : quotedString(value)}`];
  });
  return `create or replace secret ${SECRET} (${[`type ${type}`, ...written].join(', ')})`;
}

function noStore(path: string): PipelineError {
  return new PipelineError({
    code: 'ConfigInvalid',
    message: `DuckLake cannot keep its data in ${path}.`,
    hint: 'Name a folder, or an address with s3://, gs:// or az://, in pipeline.destination.data_path.',
    facts: { path },
  });
}

function noHmacKey(): PipelineError {
  return new PipelineError({
    code: 'ConfigInvalid',
    message: "DuckDB reaches Google's store with an HMAC key, and none is given.",
    hint: 'Make one for the service account, and put it into storage_credentials: aws_access_key_id and aws_secret_access_key.',
  });
}
