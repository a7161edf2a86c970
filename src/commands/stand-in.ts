import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sandboxJobs } from '../sandbox/ids.ts';
import type { ProfileName } from '../sandbox/profiles/profiles.ts';
import type { Sandbox } from '../sandbox/stand-in-api.ts';

/** Where runs against the stand-in keep their files, so that invented rows never mix with real ones. */
export const standInFolder = 'demo';

interface PlayedConfig {
  /** In the folder of the package. */
  readonly file: string;
  readonly source: string;
  readonly pipeline: string;
}

/** The configuration that is shipped for each service. */
export const playedConfigs: Readonly<Record<ProfileName, PlayedConfig>> = {
  dezgo: { file: 'pipeline.config.yaml', source: 'dezgo_api_source', pipeline: 'dezgo_api_pipeline' },
  rapidapi: {
    file: 'examples/dezgo-rapidapi/pipeline.config.yaml',
    source: 'dezgo_rapidapi_source',
    pipeline: 'dezgo_rapidapi_pipeline',
  },
  segmind: { file: 'examples/segmind/pipeline.config.yaml', source: 'segmind_source', pipeline: 'segmind_pipeline' },
};

/** A file of the package, wherever that is installed. */
export const shipped = (name: string) => fileURLToPath(new URL(`../../${name}`, import.meta.url));

/** The variables that point a run of the shipped configuration at the stand-in, with every file in a folder of its own. */
export function standInEnvironment(
  { baseUrl, key }: Pick<Sandbox, 'baseUrl' | 'key'>,
  profile: ProfileName = 'dezgo',
): Readonly<Record<string, string>> {
  const { completed, failed, running, expired } = sandboxJobs;
  const { source, pipeline } = playedConfigs[profile];
  const section = `SOURCES__${source.toUpperCase()}`;
  return {
    [`${section}__CLIENT__BASE_URL`]: `${baseUrl}/`,
    [`${section}__API_KEY`]: key,
    ...(profile === 'dezgo' && { DEZGO_JOB_IDS: [completed, failed, running, expired].join(',') }),
    DESTINATION__DUCKDB__CREDENTIALS: join(standInFolder, `${pipeline}.duckdb`),
    PIPELINE__WORKING_DIR: join(standInFolder, profile === 'dezgo' ? '.dezgo-elt' : `.${pipeline}`),
  };
}
