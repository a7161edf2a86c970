import type { PipelineConfig } from '../config/pipeline-config.ts';
import { destinationOf } from '../destinations/destination-kinds.ts';
import type { StoredChange } from '../load/stored-dataset.ts';
import { type Diagram, diagramOf } from '../report/schema-diagram.ts';

/** What tables and columns became, the newest load first. */
export async function schemaChanges(
  config: PipelineConfig,
  { table, limit }: { readonly table?: string | undefined; readonly limit: number },
): Promise<readonly StoredChange[]> {
  const { changes } = await destinationOf(config).books();
  return changes.filter((change) => table === undefined || change.table === table).slice(0, limit);
}

/** The tables with what joins them, without the books; undefined: nothing was loaded yet. `mermaidDiagram` and `dbml` draw it. */
export async function schemaDiagram(config: PipelineConfig): Promise<Diagram | undefined> {
  const { schema } = await destinationOf(config).books();
  return schema === undefined ? undefined : diagramOf(schema);
}
