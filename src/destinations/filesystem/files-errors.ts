import { PipelineError } from '../../errors.ts';

export function alwaysChanged(location: string, attempts: number): PipelineError {
  return new PipelineError({
    code: 'DestinationChanged',
    message: `Somebody else loaded into ${location} during each of ${attempts} loads; nothing was published.`,
    hint: 'Run again when the other program has finished.',
    facts: { location, attempts },
  });
}

export function noSnapshots(location: string): PipelineError {
  return new PipelineError({
    code: 'UsageInvalid',
    message: `There are no snapshots of ${location}: its files are never changed, and a load that replaces a table removes the old ones.`,
    hint: 'Let the bucket keep versions of its files, or load into DuckLake, which has snapshots: `type: ducklake`.',
    facts: { location },
  });
}
