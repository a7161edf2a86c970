import type { DestinationConfigs } from '../../config/grammar/destination-schema.ts';
import type { PipelineConfig } from '../../config/pipeline-config.ts';
import type { Destination } from '../destination.ts';
import { notYet } from '../not-yet.ts';

/** Parquet files in dlt's layout, in a folder or an object store. */
export function filesystem({ type }: DestinationConfigs['filesystem'], _config: PipelineConfig): Destination {
  throw notYet(type);
}
