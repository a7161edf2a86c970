import type { DestinationConfigs } from '../../config/grammar/destination-schema.ts';
import type { PipelineConfig } from '../../config/pipeline-config.ts';
import type { Destination } from '../destination.ts';
import { notYet } from '../not-yet.ts';

/** Parquet files, and a catalogue of them: what DuckDB's extension reads and writes. */
export function ducklake({ type }: DestinationConfigs['ducklake'], _config: PipelineConfig): Destination {
  throw notYet(type);
}
