import type { DestinationConfigs, DestinationType } from '../config/grammar/destination-schema.ts';
import type { PipelineConfig } from '../config/pipeline-config.ts';
import type { Destination } from './destination.ts';
import { duckdbFile } from './duckdb/duckdb-file.ts';
import { ducklake } from './ducklake/ducklake.ts';
import { filesystem } from './filesystem/filesystem.ts';
import { bigquery } from './warehouse/bigquery/bigquery.ts';
import { databricks } from './warehouse/databricks/databricks.ts';
import { postgres } from './warehouse/postgres/postgres.ts';
import { redshift } from './warehouse/redshift/redshift.ts';
import { snowflake } from './warehouse/snowflake/snowflake.ts';

/** Every kind of destination, by its name in `pipeline.destination.type`. A new one is a folder and a line here. */
const kinds: {
  readonly [Type in DestinationType]: (settings: DestinationConfigs[Type], config: PipelineConfig) => Destination;
} = { duckdb: duckdbFile, ducklake, postgres, filesystem, redshift, bigquery, databricks, snowflake };

/** Where the pipeline loads to. Nothing is opened. */
export function destinationOf(config: PipelineConfig): Destination {
  const { destination } = config.pipeline;
  return made(destination.type, destination, config);
}

// --- internal ---

function made<Type extends DestinationType>(
  type: Type,
  settings: DestinationConfigs[Type],
  config: PipelineConfig,
): Destination {
  return kinds[type](settings, config);
}
