import { createHash } from 'node:crypto';
import { jsonText } from '../../json/json-text.ts';
import type { Json } from '../../json/json-value.ts';
import { type Item, isItem, itemFrom } from './item.ts';
import { renamedTwice } from './step-failed.ts';
import type { StepNotes } from './step-notes.ts';

// What steps do with the keys of a record, without SQL.

export function including(keys: ReadonlySet<string>, item: Item): Item {
  return itemFrom(Object.entries(item).filter(([key]) => keys.has(key)));
}

export function excluding(keys: ReadonlySet<string>, item: Item): Item {
  return itemFrom(Object.entries(item).filter(([key]) => !keys.has(key)));
}

/** All at once, so that two can swap their names. Throws ReplyUnusable where a value would be lost. */
export function renaming(names: ReadonlyMap<string, string>, item: Item, resource: string): Item {
  const taken = new Map<string, string>();
  const entries = Object.entries(item).map(([key, value]) => {
    const name = names.get(key) ?? key;
    const other = taken.get(name);
    if (other !== undefined) throw renamedTwice(resource, names.has(key) ? key : other, name);
    taken.set(name, key);
    return [name, value] as const;
  });
  return itemFrom(entries);
}

/** The members of an object in the record, in the place of what held them. */
export function flattening(path: readonly string[], item: Item, notes: StepNotes): Item {
  const inner = path.reduce<Json>((place, key) => (isItem(place) ? place[key] : undefined), item);
  if (!isItem(inner)) return item;
  const members = Object.entries(inner);
  const staying = members.filter(([key]) => Object.hasOwn(item, key));
  for (const [key] of staying) {
    notes.say(`\`flatten: ${path.join('.')}\` left \`${key}\` where it was: a record has one already`);
  }
  const moving = members.filter(([key]) => !Object.hasOwn(item, key));
  const entries = Object.entries(item).flatMap(([key, value]) => {
    if (key !== path[0]) return [[key, value] as const];
    const left = replacedAt(value, path.slice(1), itemFrom(staying));
    return left === undefined ? moving : [[key, left] as const, ...moving];
  });
  return itemFrom(entries);
}

/** One item an element; of anything but a list the item itself. Null, or no such key, is no element. */
export function exploding(key: string, item: Item): Item[] {
  const value = Object.hasOwn(item, key) ? item[key] : null;
  if (value === null) return [];
  return Array.isArray(value) ? value.map((element: Json) => ({ ...item, [key]: element })) : [item];
}

export function masking(keys: ReadonlyMap<string, 'sha256' | 'redact'>, item: Item): Item {
  return itemFrom(
    Object.entries(item).map(([key, value]) => {
      const how = keys.get(key);
      return [key, how === undefined || value === null ? value : hidden(value, how)];
    }),
  );
}

// --- internal ---

/** Undefined where nothing is left, so that no empty object stays behind. */
function replacedAt(value: Json, path: readonly string[], left: Item): Item | undefined {
  const [key, ...below] = path;
  if (key === undefined) return Object.keys(left).length === 0 ? undefined : left;
  const entries = Object.entries(isItem(value) ? value : {}).flatMap(([name, member]) => {
    const kept = name === key ? replacedAt(member, below, left) : member;
    return kept === undefined ? [] : [[name, kept] as const];
  });
  return entries.length === 0 ? undefined : itemFrom(entries);
}

function hidden(value: Json, how: 'sha256' | 'redact'): string {
  if (how === 'redact') return '***';
  const text = typeof value === 'string' ? value : jsonText(value);
  return createHash('sha256').update(text).digest('hex');
}
