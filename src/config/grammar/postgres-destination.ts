import { z } from 'zod';
import { about } from './about.ts';
import { destinationKind } from './destination-kind.ts';
import { completeCredentials, postgresCredentials } from './postgres-credentials.ts';
import { filesDir, replaceStrategy } from './shared-keys.ts';

const keys = z.strictObject({
  type: about('A PostgreSQL server', z.literal('postgres').default('postgres')),
  credentials: about('How to connect', postgresCredentials),
  create_indexes: about(
    'Whether each table gets a unique index on `_dlt_id`, as with dlt: a bulk load takes twice as long',
    z.boolean().default(false),
  ),
  files_dir: filesDir,
  replace_strategy: replaceStrategy,
});

export const postgresDestination = destinationKind({
  forms: [keys],
  nameLimit: { longest: 63, unit: 'bytes' },
  engine: 'PostgreSQL',
  complete: ({ credentials, files_dir, ...written }, { absolute }) => ({
    ...written,
    credentials: completeCredentials(credentials, (path, key) => absolute(path, 'credentials', key)),
    files_dir: absolute(files_dir ?? 'files', 'files_dir'),
  }),
});
