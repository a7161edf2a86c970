import type { PipelineConfig } from '../config/pipeline-config.ts';
import { destinationOf } from '../destinations/destination-kinds.ts';
import { exitCodes } from '../errors.ts';
import { failureMembers, jsonDocument } from '../report/json-report.ts';
import { type Client, clientSnippets } from './client-snippets.ts';
import { loadProject } from './load-project.ts';
import { openLog } from './open-log.ts';
import { requireFile } from './require-file.ts';
import type { CommonOptions, OutputFormat, Terminal } from './terminal.ts';

export interface ConnectOptions extends CommonOptions {
  readonly for: Client;
  readonly format: OutputFormat;
}

/** `dezgo-elt connect`: how another program opens the live file, which need not be there yet. */
export async function connectCommand(terminal: Terminal, options: ConnectOptions): Promise<number> {
  const config = await loadProject(terminal, options, openLog(terminal, options));
  requireFile(
    config,
    '`connect` tells how programs open a DuckDB file',
    `${reachedElsewhere(config.pipeline)} \`dezgo-elt query "select …"\` asks it from here.`,
  );
  const opened = { path: destinationOf(config).location, dataset: config.pipeline.dataset_name };
  const snippet = clientSnippets[options.for](opened);
  terminal.print(
    options.format === 'json'
      ? jsonDocument({ client: options.for, ...opened, snippet, ...failureMembers(undefined) })
      : snippet,
  );
  return exitCodes.ok;
}

/** Where other programs find what is no DuckDB file. */
export function reachedElsewhere({ destination, dataset_name }: PipelineConfig['pipeline']): string {
  if (destination.type === 'ducklake') return 'DuckDB attaches a lake: docs/ducklake.md shows how.';
  if (destination.type === 'filesystem') return 'What reads Parquet reads its files: docs/filesystem.md shows how.';
  return `Programs reach it as any other of its kind, in the schema \`${dataset_name}\`.`;
}
