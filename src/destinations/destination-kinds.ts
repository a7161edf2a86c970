import type { PipelineConfig } from '../config/pipeline-config.ts';
import type { Destination } from './destination.ts';
import { duckdbFile } from './duckdb/duckdb-file.ts';

/** Every kind of destination, by its name in `pipeline.destination.type`. A new one is a folder and a line here. */
const kinds: Readonly<
  Record<PipelineConfig['pipeline']['destination']['type'], (config: PipelineConfig) => Destination>
> = { duckdb: duckdbFile };

/** Where the pipeline loads to. Nothing is opened. */
export function destinationOf(config: PipelineConfig): Destination {
  return kinds[config.pipeline.destination.type](config);
}
