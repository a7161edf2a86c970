/**
 * The library. Not exported: the steps of a run and the load package, whose shape may change with any version.
 *
 * @module
 */
export type { ConfigFileInput } from './config/grammar/config-schema.ts';
export type { RecordSource } from './config/grammar/resource-schema.ts';
export { type LoadOptions, loadConfig, resolveConfig } from './config/load-config.ts';
export type { ConfigWarning, PipelineConfig, ResolvedResource } from './config/pipeline-config.ts';
export { Secret } from './config/secret.ts';
export { type AnyTables, type Dataset, dataset } from './dataset/dataset.ts';
export type { Query } from './dataset/dataset-query.ts';
export type { Parameters } from './dataset/question.ts';
export type { TableQuery, Wanted } from './dataset/table-query.ts';
export type { PlainRow } from './duckdb/plain-rows.ts';
export {
  type Effects,
  type FileTarget,
  type HttpReply,
  type HttpRequest,
  type Log,
  type ReplyFile,
  type ReplyStart,
  realEffects,
  silentLog,
  type Transport,
} from './effects.ts';
export { type ErrorCode, type ErrorFacts, type ExitReason, exitCodes, PipelineError } from './errors.ts';
export { type EventStream, runEvents } from './event-stream.ts';
export type { EventListener, EventOf, RunEvent, RunStep } from './events.ts';
export { lastRuns } from './ledger/runs-file.ts';
export type { DatasetColumn, DatasetTable } from './load/described-table.ts';
export { type RunOptions, runPipeline } from './pipeline.ts';
export { readTable } from './read-table.ts';
export type { RunSummary } from './report/run-summary-schema.ts';
export { textReport } from './report/text-report.ts';
export type { SchemaChange } from './schema/table-schema.ts';
export type { CostTrace, FailureTrace, PackageTrace, ResourceTrace, TableTrace, Trace } from './trace.ts';
