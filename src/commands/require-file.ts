import type { PipelineConfig } from '../config/pipeline-config.ts';
import { PipelineError } from '../errors.ts';

/** Throws where the destination is no DuckDB file. @param what the command does with one: `\`connect\` tells how …` */
export function requireFile({ pipeline: { destination } }: PipelineConfig, what: string, hint: string): void {
  if (destination.type === 'duckdb') return;
  throw new PipelineError({
    code: 'UsageInvalid',
    message: `${what}, and this pipeline loads to \`${destination.type}\`.`,
    hint,
    facts: { destination: destination.type },
  });
}
