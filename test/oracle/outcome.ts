import { expect } from 'vitest';
import type { Trace } from '../../src/index.ts';
import { Replay, type Resource } from './replay.ts';

export type Hints = Omit<Resource, 'name' | 'rows'>;

/** A run of resource `t`: its rows, or the JSON text of a reply. */
type Given = readonly unknown[] | string;

interface Outcome {
  /** Columns as `name TYPE`, without dlt's own. */
  readonly columns: (table?: string) => string[];
  /** Values as text, without nulls and dlt's own columns. */
  readonly rows: (table?: string) => Record<string, string>[];
  readonly traces: readonly Trace[];
}

const isOwn = (name: string) => /^_dlt_(id|load_id|parent_id|root_id|list_idx)$/.test(name);

/** Runs one after another into one file. */
export async function outcomeOf(hints: Hints, ...given: readonly Given[]): Promise<Outcome> {
  const project = await Replay.open();
  const traces: Trace[] = [];
  for (const one of given) {
    const trace =
      typeof one === 'string' ? await project.reply(one, hints) : await project.run({ name: 't', ...hints, rows: one });
    expect(trace.failure).toBeUndefined();
    traces.push(trace);
  }
  const tables = await project.tables();
  return {
    traces,
    columns: (table = 't') =>
      (tables[table]?.columns ?? []).flatMap(({ name, type }) => (isOwn(name) ? [] : [`${name} ${type}`])),
    rows: (table = 't') =>
      (tables[table]?.rows ?? []).map((row) =>
        Object.fromEntries(
          Object.entries(row).flatMap(([name, value]) => (value === null || isOwn(name) ? [] : [[name, value]])),
        ),
      ),
  };
}

/** What a run changed in the schema: column, change, type, first value. */
export const changes = (trace: Trace | undefined) =>
  (trace?.packages ?? []).flatMap(({ schemaChanges }) =>
    schemaChanges.map(({ column, change, newType, firstValue }) => [column, change, newType, firstValue]),
  );
