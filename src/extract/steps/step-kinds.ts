import type { ProcessingStep } from '../../config/grammar/steps-schema.ts';
import type { Json } from '../../json/json-value.ts';
import { filledValue, type PlaceholderValues } from '../../text/placeholders.ts';
import { type Item, itemFrom } from './item.ts';
import { excluding, exploding, flattening, including, masking, renaming } from './key-steps.ts';
import { type SqlParts, SqlStep } from './sql-steps.ts';

/** What a step makes of the records of a page; `values` are what placeholders stand for. */
export type Step = (items: readonly Item[], values: PlaceholderValues) => readonly Item[] | Promise<readonly Item[]>;

type Configs = { readonly [Kind in keyof ProcessingStep]-?: NonNullable<ProcessingStep[Kind]> };
type Kinds = { readonly [Kind in keyof Configs]: (config: Configs[Kind], parts: StepParts) => Step | Promise<Step> };

/** DuckDB is opened by the first that needs it. */
export interface StepParts extends Omit<SqlParts, 'expressions' | 'key'> {
  expressions(): Promise<SqlParts['expressions']>;
}

const kinds: Kinds = {
  async filter(sql, parts) {
    const step = `filter: ${sql}`;
    const condition = await sqlStep(parts, step, sql);
    return async (items) => {
      const kept = await condition.filter(items);
      parts.notes.kept(step, kept.length, items.length);
      return kept;
    };
  },
  async set(columns, parts) {
    const setters = Object.entries(columns).map(
      async ([key, value]) => [key, await setter(key, value, parts)] as const,
    );
    const all = await Promise.all(setters);
    return async (items, values) => {
      const set: (readonly [string, readonly Json[]])[] = [];
      for (const [key, valuesOf] of all) set.push([key, await valuesOf(items, values)]);
      return items.map((item, index) => withMembers(item, set, index));
    };
  },
  include(keys, { notes }) {
    const kept = new Set(keys);
    return naming('include', keys, notes, (item) => including(kept, item));
  },
  exclude(keys, { notes }) {
    const left = new Set(keys);
    return naming('exclude', keys, notes, (item) => excluding(left, item));
  },
  rename(names, { notes, resource }) {
    const map = new Map(Object.entries(names));
    return naming('rename', [...map.keys()], notes, (item) => renaming(map, item, resource));
  },
  flatten(path, { notes }) {
    const keys = path.split('.');
    return naming('flatten', keys.slice(0, 1), notes, (item) => flattening(keys, item, notes));
  },
  explode(key, { notes }) {
    return (items) => {
      notes.named(
        'explode',
        key,
        items.some((item) => Object.hasOwn(item, key)),
      );
      const elements = items.map((item) => exploding(key, item));
      const kept = elements.filter((made) => made.length > 0).length;
      if (kept < items.length) notes.kept(`explode: ${key}`, kept, items.length);
      return elements.flat();
    };
  },
  mask(how, { notes }) {
    const map = new Map(Object.entries(how));
    return naming('mask', [...map.keys()], notes, (item) => masking(map, item));
  },
};

export async function stepOf(config: ProcessingStep, parts: StepParts): Promise<Step> {
  for (const kind of Object.keys(kinds).filter(isKind)) {
    const step = await made(kind, config, parts);
    if (step !== undefined) return step;
  }
  throw new Error('a step without a kind');
}

// --- internal ---

function isKind(name: string): name is keyof Kinds {
  return name in kinds;
}

function made<Kind extends keyof Configs>(
  kind: Kind,
  config: { readonly [Own in Kind]?: Configs[Own] | undefined },
  parts: StepParts,
) {
  const own: Configs[Kind] | undefined = config[kind];
  return own === undefined ? undefined : kinds[kind](own, parts);
}

function naming(step: string, keys: readonly string[], notes: StepParts['notes'], change: (item: Item) => Item): Step {
  return (items) => {
    for (const key of keys)
      notes.named(
        step,
        key,
        items.some((item) => Object.hasOwn(item, key)),
      );
    return items.map(change);
  };
}

async function sqlStep({ expressions, ...parts }: StepParts, step: string, sql: string): Promise<SqlStep> {
  return SqlStep.open({ ...parts, key: 'processing_steps', expressions: await expressions() }, step, sql);
}

type SetValue = NonNullable<ProcessingStep['set']>[string];
type ValuesOf = (items: readonly Item[], values: PlaceholderValues) => readonly Json[] | Promise<readonly Json[]>;

async function setter(key: string, value: SetValue, parts: StepParts): Promise<ValuesOf> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    const step = await sqlStep(parts, `set: ${key}: ${value.sql}`, value.sql);
    return (items) => step.values(items);
  }
  return (items, values) => {
    const filled = typeof value === 'string' ? filledValue(value, values) : value;
    return items.map(() => filled);
  };
}

function withMembers(item: Item, set: readonly (readonly [string, readonly Json[]])[], index: number): Item {
  const members = new Map(Object.entries(item));
  for (const [key, values] of set) members.set(key, values[index] ?? null);
  return itemFrom(members);
}
