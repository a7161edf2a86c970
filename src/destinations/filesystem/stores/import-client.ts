import { type ClientName, requireClient } from '../../require-client.ts';

/**
 * The library of a bucket, as far as it is used: its own types are not there where it is not installed.
 *
 * @throws PipelineError UsageInvalid: it is not installed, or in a version that was never tried
 */
export function importClient<Library>(name: ClientName): Promise<Library> {
  return requireClient<Library>(name, () => import(name));
}
