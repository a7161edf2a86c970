import { z } from 'zod';
import { below } from '../checks/finding.ts';
import { about } from './about.ts';
import { destinationKind } from './destination-kind.ts';
import { postgresCredentials } from './postgres-credentials.ts';
import { asSecretField } from './secret-schema.ts';
import { connectionProblems, settledConnection } from './settled-connection.ts';
import { filesDir, replaceStrategy } from './shared-keys.ts';

const server = { schemes: ['postgresql', 'postgres'], port: 5432 };
const { field } = postgresCredentials('credentials', server.port);

const keys = z.strictObject({
  type: about('A PostgreSQL server', z.literal('postgres').default('postgres')),
  credentials: about('How to connect: a connection string, or its parts', asSecretField(field.prefault({}))),
  create_indexes: about(
    'Whether each table gets a unique index on `_dlt_id`, as with dlt: a bulk load takes twice as long',
    z.boolean().default(false),
  ),
  files_dir: filesDir,
  replace_strategy: replaceStrategy,
});

export const postgresDestination = destinationKind({
  forms: [z.literal('postgres').transform((type) => keys.parse({ type }, { jitless: true })), keys],
  nameLimit: { longest: 63, unit: 'bytes', system: ['ctid', 'xmin', 'xmax', 'cmin', 'cmax', 'tableoid'] },
  engine: 'PostgreSQL',
  problems: ({ credentials }) => below(['credentials'], connectionProblems(credentials, server)),
  complete: ({ credentials, files_dir, ...written }, { absolute }) => ({
    ...written,
    credentials: settledConnection(credentials, server, (path, key) => absolute(path, 'credentials', key)),
    files_dir: absolute(files_dir ?? 'files', 'files_dir'),
  }),
});
