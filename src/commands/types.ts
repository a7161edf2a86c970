import { resolve } from 'node:path';
import { destinationOf } from '../destinations/destination-kinds.ts';
import { exitCodes } from '../errors.ts';
import { failureMembers, jsonDocument } from '../report/json-report.ts';
import { typeDeclarations, valueType } from '../report/type-declarations.ts';
import { loadProject } from './load-project.ts';
import { openLog } from './open-log.ts';
import { OutputFile } from './output-file.ts';
import type { CommonOptions, Terminal } from './terminal.ts';

export interface TypesOptions extends CommonOptions {
  readonly format: 'ts' | 'json';
  readonly to?: string;
}

/** `dezgo-elt types`: what the columns of the live file are in TypeScript. */
export async function typesCommand(terminal: Terminal, options: TypesOptions): Promise<number> {
  const config = await loadProject(terminal, options, openLog(terminal, options));
  const dataset = config.pipeline.dataset_name;
  const destination = destinationOf(config);
  const reader = await destination.reader();
  const tables = reader.tables;
  reader.close();
  const typed = tables.map((table) => ({
    ...table,
    columns: table.columns.map((column) => ({ ...column, valueType: valueType(column) })),
  }));
  const text =
    options.format === 'json'
      ? jsonDocument({ dataset, tables: typed, ...failureMembers(undefined) })
      : typeDeclarations(dataset, tables);
  if (options.to === undefined) terminal.print(text);
  else {
    const file = OutputFile.at(resolve(terminal.cwd, options.to), destination.location);
    await file.writing(async (write) => void (await write(`${text}\n`)));
  }
  return exitCodes.ok;
}
