import { expect, it } from 'vitest';
import type { Trace } from '../../src/index.ts';
import { Replay, type Resource } from './replay.ts';
import { type Loaded, loadedTogether, type Together } from './together.ts';

export type Hints = Omit<Resource, 'name' | 'rows'>;

/** A run of resource `t`: its rows, or the JSON text of a reply. */
type Given = Resource['rows'];

interface Outcome extends Loaded {
  /** Columns as `name TYPE`, without dlt's own. */
  readonly columns: (table?: string) => string[];
  /** Values as text, without nulls and dlt's own columns. */
  readonly rows: (table?: string) => Record<string, string>[];
}

const isOwn = (name: string) => /^_dlt_(id|load_id|parent_id|root_id|list_idx)$/.test(name);

/** Runs one after another into one file. */
export async function outcomeOf(hints: Hints, ...given: readonly Given[]): Promise<Outcome> {
  const project = await Replay.open();
  const traces: Trace[] = [];
  for (const rows of given) {
    const trace = await project.run({ name: 't', ...hints, rows });
    expect(trace.failure).toBeUndefined();
    traces.push(trace);
  }
  return described({ tables: await project.tables(), traces });
}

type Check = (outcome: Outcome) => void;

/**
 * Tests of one resource each: title, hints, the rows of its runs, and what became of them. They share their runs, so what they
 * look at is their own tables, changes of the schema, and counts and notes that name the resource.
 */
export function outcomeTests(): (title: string, hints: Hints, given: readonly Given[], check: Check) => void {
  const resources: Together[] = [];
  const loaded = loadedTogether(resources);
  return (title, hints, runs, check) => {
    const index = resources.push({ ...hints, runs }) - 1;
    it(title, async () => check(described(await loaded(index))));
  };
}

function described(loaded: Loaded): Outcome {
  const { tables } = loaded;
  return {
    ...loaded,
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
