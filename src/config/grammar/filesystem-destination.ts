import { z } from 'zod';
import { about } from './about.ts';
import { destinationKind } from './destination-kind.ts';
import { filesDir, replaceStrategy } from './shared-keys.ts';
import { storageCredentials } from './storage-credentials.ts';

const keys = z.strictObject({
  type: about("Parquet files in dlt's layout", z.literal('filesystem').default('filesystem')),
  bucket_url: about('Where: a folder relative to this one, `file://`, `s3://`, `gs://` or `az://`', z.string().min(1)),
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
  forms: [keys],
  complete: ({ bucket_url, files_dir, ...written }, { absolute }) => ({
    ...written,
    bucket_url: bucketOf(bucket_url, (path) => absolute(path, 'bucket_url')),
    files_dir: absolute(files_dir ?? 'files', 'files_dir'),
  }),
});

// --- internal ---

function bucketOf(written: string, absolute: (path: string) => string): string {
  const local = written.replace(/^file:\/\/(?=\/|[^/])/i, '');
  return local === written && /^[a-z][a-z0-9]+:\/\//i.test(written) ? written : absolute(local);
}
