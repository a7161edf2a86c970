import { join } from 'node:path';
import { sandboxJobs } from '../sandbox/ids.ts';
import type { Sandbox } from '../sandbox/stand-in-api.ts';

/** Where runs against the stand-in keep their files, so that invented rows never mix with real ones. */
export const standInFolder = 'demo';

/** The variables that point a run of the shipped configuration at the stand-in, with every file in a folder of its own. */
export function standInEnvironment({ url, key }: Pick<Sandbox, 'url' | 'key'>): Readonly<Record<string, string>> {
  const { completed, failed, running, expired } = sandboxJobs;
  return {
    SOURCES__DEZGO_API_SOURCE__CLIENT__BASE_URL: `${url}/`,
    SOURCES__DEZGO_API_SOURCE__API_KEY: key,
    DEZGO_JOB_IDS: [completed, failed, running, expired].join(','),
    DESTINATION__DUCKDB__CREDENTIALS: join(standInFolder, 'dezgo_api_pipeline.duckdb'),
    PIPELINE__WORKING_DIR: join(standInFolder, '.dezgo-elt'),
  };
}
