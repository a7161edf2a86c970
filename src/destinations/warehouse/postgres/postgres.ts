import type { DestinationConfigs } from '../../../config/grammar/destination-schema.ts';
import type { PipelineConfig } from '../../../config/pipeline-config.ts';
import type { Destination } from '../../destination.ts';
import { notYet } from '../../not-yet.ts';

/** A PostgreSQL server. The client is loaded when it is needed. */
export function postgres({ type }: DestinationConfigs['postgres'], _config: PipelineConfig): Destination {
  throw notYet(type);
}
