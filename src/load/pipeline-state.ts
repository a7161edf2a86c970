import { createHash } from 'node:crypto';
import { deflateSync, inflateSync } from 'node:zlib';
import { PipelineError } from '../errors.ts';
import type { PackageResource } from '../package/layout.ts';
import { withBought } from './bought-state.ts';
import { withCursors } from './incremental-state.ts';
import { type RawJson, rawJson, rawText, sortedText } from './staging/raw-json.ts';

const ENGINE_VERSION = 4;
/** Not part of the content that the hash is of: dlt's `generate_state_version_hash`. */
const UNHASHED = ['_state_version', '_state_engine_version', '_version_hash', '_local'];

/**
 * dlt's pipeline state. Its members are kept as the JSON text that they were: what dlt keeps there (`sources`, with its
 * cursors and numbers) survives byte for byte.
 */
export interface PipelineState {
  readonly version: number;
  readonly members: ReadonlyMap<string, RawJson>;
}

/** From the column `_dlt_pipeline_state.state`: base64 of zlib of JSON, or plain JSON as very old dlt wrote it. */
export function parseState(stored: string): PipelineState {
  try {
    const text = stored.startsWith('{') ? stored : inflateSync(Buffer.from(stored, 'base64')).toString('utf8');
    const state = rawJson(text);
    if (!(state instanceof Map)) throw new Error('it is not an object');
    return { version: Number(state.get('_state_version') ?? 0), members: state };
  } catch (cause) {
    throw new PipelineError({
      code: 'DestinationUnreadable',
      message: `The newest row of \`_dlt_pipeline_state\` does not hold a pipeline state: ${cause instanceof Error ? cause.message : cause}`,
      hint: 'Restore the file from a snapshot, or delete that row: the next load writes a new one.',
      cause,
    });
  }
}

export interface StateFacts {
  readonly pipelineName: string;
  readonly dataset: string;
  readonly schemaName: string;
  /** What dlt calls this kind of destination, such as `dlt.destinations.duckdb`. */
  readonly destinationType: string;
  /** Whose rows are loaded: their cursors are where the rows end. */
  readonly resources: readonly PackageResource[];
  /** Another run extracted them. */
  readonly isRecovered: boolean;
}

/** The state after a load of ours; `undefined`: nothing in it changes. */
export function nextState(stored: PipelineState | undefined, facts: StateFacts): PipelineState | undefined {
  const before = stored ?? { version: 0, members: new Map(Object.entries(firstMembers(facts))) };
  const members = new Map(before.members);
  const names = schemaNames(before);
  if (!names.includes(facts.schemaName)) {
    members.set('schema_names', JSON.stringify([...names, facts.schemaName]));
    if ((members.get('default_schema_name') ?? 'null') === 'null') {
      members.set('default_schema_name', JSON.stringify(facts.schemaName));
    }
  }
  const cursors = withCursors(members.get('sources'), facts.schemaName, facts.resources);
  const sources = withBought(cursors, facts.schemaName, facts);
  if (sources !== undefined) members.set('sources', sources);
  const isSame = stored !== undefined && rawText(members) === rawText(stored.members);
  return isSame ? undefined : { version: before.version + 1, members };
}

/** The state with another member `sources`; undefined: that is the one that it has. */
export function withSources({ version, members }: PipelineState, sources: RawJson): PipelineState | undefined {
  if (rawText(members.get('sources') ?? new Map()) === rawText(sources)) return undefined;
  return { version: version + 1, members: new Map(members).set('sources', sources) };
}

function firstMembers({ pipelineName, dataset, schemaName, destinationType }: StateFacts): Record<string, string> {
  return {
    pipeline_name: JSON.stringify(pipelineName),
    dataset_name: JSON.stringify(dataset),
    schema_names: JSON.stringify([schemaName]),
    default_schema_name: JSON.stringify(schemaName),
    destination_type: JSON.stringify(destinationType),
    destination_name: 'null',
  };
}

function schemaNames({ members }: PipelineState): string[] {
  const names = members.get('schema_names');
  const parsed: unknown = names === undefined ? [] : JSON.parse(rawText(names));
  return Array.isArray(parsed) ? parsed.map(String) : [];
}

/** The columns of a row of `_dlt_pipeline_state` that come from the state. */
export function storedForm({ version, members }: PipelineState): {
  version: number;
  engineVersion: number;
  state: string;
  versionHash: string;
} {
  const content = new Map([...members].filter(([name]) => !UNHASHED.includes(name)));
  const versionHash = createHash('sha3-256').update(sortedText(content)).digest('base64');
  const whole = new Map<string, RawJson>([
    ['_state_version', String(version)],
    ['_state_engine_version', String(ENGINE_VERSION)],
    ...content,
    ['_version_hash', JSON.stringify(versionHash)],
  ]);
  const state = deflateSync(rawText(whole), { level: 9 }).toString('base64');
  return { version, engineVersion: ENGINE_VERSION, state, versionHash };
}
