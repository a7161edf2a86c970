import { join } from 'node:path';
import type { Deployment } from '../../src/deploy/deployment.ts';
import { parseSchedule } from '../../src/deploy/schedule.ts';

/** A deployment of a folder, as the command makes it. */
export function deploymentIn(folder: string, more: Partial<Deployment> = {}): Deployment {
  const config = join(folder, 'pipeline.config.yaml');
  return {
    pipeline: 'dezgo_api_pipeline',
    config,
    folder,
    options: ['-c', config],
    secretsFile: join(folder, 'secrets.yaml'),
    readsSecretsFile: true,
    variables: ['DEZGO_API_KEY'],
    program: ['/usr/bin/node', join(folder, 'node_modules/dezgo-elt/dist/bin/cli.js')],
    destination: join(folder, 'dezgo.duckdb'),
    workingDir: join(folder, '.dezgo-elt'),
    filesDir: join(folder, 'files'),
    writable: [folder],
    writableIfThere: [],
    metricsFile: undefined,
    lineageFile: undefined,
    exportSchemaPath: undefined,
    project: { folder, repository: folder, isProgram: false, isMissing: false },
    schedule: parseSchedule('0 3 * * *'),
    longest: 3_600_000,
    user: 'dezgo',
    keep: 'artifact',
    ...more,
  };
}
