import { z } from 'zod';
import { about } from './about.ts';
import { destinationKind } from './destination-kind.ts';
import { whyNoLayout } from './file-placeholders.ts';
import { filesDir, replaceStrategy } from './shared-keys.ts';
import { storageCredentials } from './storage-credentials.ts';

const keys = z.strictObject({
  type: about("Parquet files in dlt's layout", z.literal('filesystem').default('filesystem')),
  bucket_url: about(
    'Where: a folder relative to this one, `file://`, `s3://`, `gs://` or `az://`',
    z.string().min(1, 'is required: a folder, or `s3://bucket/folder`'),
  ),
  credentials: about('Of the object store', storageCredentials.prefault({})),
  layout: about(
    'What a file is called, as with dlt. Default `{table_name}/{load_id}.{file_id}.{ext}`',
    z.string().min(1).default('{table_name}/{load_id}.{file_id}.{ext}'),
  ),
  manifest: about(
    'Whether each load also writes a list of the files of every table, by which readers see whole loads',
    z.boolean().default(false),
  ),
  max_state_files: about('How many files of state are kept', z.number().int().positive().default(100)),
  files_dir: filesDir,
  replace_strategy: replaceStrategy,
});

export const filesystemDestination = destinationKind({
  forms: [
    z
      .literal('filesystem')
      .transform((type): { type?: typeof type | undefined; bucket_url: string } => ({ type, bucket_url: '' }))
      .pipe(keys),
    keys,
  ],
  onlyAdds:
    'rows in files are never changed. Write `write_disposition: replace` for a list that is read whole, `append` (each run adds the rows that it read) for the others, or `destination: { type: ducklake }`, which merges in files, too',
  problems: ({ bucket_url, layout, credentials }) => [
    ...problem(['bucket_url'], whyNoBucket(bucket_url)),
    ...problem(['layout'], whyNoLayout(layout)),
    ...problem(['credentials'], whyNoAccount(bucket_url, credentials.azure_storage_account_name)),
  ],
  whyNoDataset: (dataset) =>
    /^[^./\\\s][^/\\]*$/.test(dataset) && !/\p{C}/u.test(dataset)
      ? undefined
      : 'is the name of a folder: no slashes, and no point or blank at its beginning',
  complete: ({ bucket_url, files_dir, ...written }, { absolute }) => ({
    ...written,
    bucket_url: bucketOf(bucket_url, (path) => absolute(path, 'bucket_url')),
    files_dir: absolute(files_dir ?? 'files', 'files_dir'),
  }),
});

// --- internal ---

const buckets = ['s3', 'gs', 'gcs', 'az', 'azure', 'abfss'];

function problem(path: readonly string[], message: string | undefined) {
  return message === undefined ? [] : [{ path, message }];
}

function whyNoBucket(url: string): string | undefined {
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(url)?.[1]?.toLowerCase();
  if (scheme === undefined || scheme === 'file') return undefined;
  if (!buckets.includes(scheme))
    return `\`${scheme}://\` is not known: a path, file://, s3://, gs://, az:// or abfss://`;
  if (!URL.canParse(url) || new URL(url).host === '')
    return 'expected the name of a bucket, such as s3://bucket/folder';
  return undefined;
}

function whyNoAccount(url: string, account: string | undefined): string | undefined {
  const isNamed = account !== undefined || /^abfss:\/\/[^/]+@/i.test(url);
  return /^(?:az|azure|abfss):/i.test(url) && !isNamed ? 'expected `azure_storage_account_name`, for az://' : undefined;
}

function bucketOf(written: string, absolute: (path: string) => string): string {
  const local = written.replace(/^file:\/\/(?=\/|[^/])/i, '');
  return local === written && /^[a-z][a-z0-9]+:\/\//i.test(written) ? written : absolute(local);
}
