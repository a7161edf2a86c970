import { PipelineError } from '../../errors.ts';

/** Every load is a snapshot of the lake itself, which DuckDB reads with `at (version => …)`. */
export function noSnapshotsOfLake(location: string): PipelineError {
  return new PipelineError({
    code: 'UsageInvalid',
    message: `${location} is a lake, which keeps its own snapshots: nothing is copied for them, and none is rolled back here.`,
    hint: 'List them: dezgo-elt query "from ducklake_snapshots(\'destination\')". Read one in DuckDB: from models at (version => 3).',
    facts: { location },
  });
}
