import type { Json } from '../json/json-value.ts';
import { type JsonPath, jsonPath } from '../json-path/json-path.ts';
import { pathSteps } from '../json-path/path-steps.ts';
import type { ParentRecord } from '../package/layout.ts';
import { memberRecords } from '../values/member-records.ts';
import { isItem } from './steps/item.ts';

interface Field {
  readonly path: JsonPath;
  /** The names on the way, of a path that is nothing but names. */
  readonly steps: readonly string[];
}

/** Takes from the records of a resource what its children need. */
export class ParentFields {
  readonly #fields: readonly Field[];

  private constructor(fields: readonly Field[]) {
    this.#fields = fields;
  }

  /** Throws ConfigInvalid for what is no JSONPath. */
  static async of(expressions: readonly string[]): Promise<ParentFields> {
    return new ParentFields(await Promise.all(expressions.map(fieldOf)));
  }

  /** In the order of the records, those of lists in their order, without nulls: as they become rows. */
  of(records: readonly Json[]): ParentRecord[] {
    if (this.#fields.length === 0) return [];
    return records.flatMap((record) => membersOf(record).map((member) => this.#take(member)));
  }

  #take(record: Json): ParentRecord {
    const found = this.#fields.map((field) => [field.path.expression, valuesAt(field, record)] as const);
    const there = found.flatMap(([path, matches]) => (matches === undefined ? [] : [[path, matches] as const]));
    const fields = Object.fromEntries(there);
    return there.length === found.length ? { fields } : { fields, names: namesIn(record) };
  }
}

/** The records that stand in one, as they become rows: a text or number is what a table calls `value`. */
export function membersOf(record: Json): Readonly<Record<string, Json>>[] {
  return memberRecords(record).flatMap((member: Json) => {
    if (member === null || member === undefined) return [];
    return [isItem(member) ? member : { value: member }];
  });
}

/** The records with these members in each, instead of members of the same name. */
export function withMembers(records: readonly Json[], members: Readonly<Record<string, Json>> = {}): readonly Json[] {
  if (Object.keys(members).length === 0) return records;
  return records.flatMap(membersOf).map((record) => ({ ...record, ...members }));
}

// --- internal ---

const MOST_NAMES = 30;

async function fieldOf(expression: string): Promise<Field> {
  return { path: await jsonPath(expression, 'field'), steps: pathSteps(expression) ?? [] };
}

function valuesAt({ path, steps }: Field, record: Json): readonly Json[] | undefined {
  const matches = path.matches(record);
  if (matches.length > 0) return matches;
  const { kind } = path.absence(record);
  if (kind === 'empty') return [];
  return kind === 'null' || endsAtNull(steps, record) ? [null] : undefined;
}

function endsAtNull(steps: readonly string[], record: Json): boolean {
  let place = record;
  for (const step of steps) {
    if (place === null) return true;
    if (typeof place !== 'object' || !Object.hasOwn(place, step)) return false;
    place = Reflect.get(place, step);
  }
  return false;
}

/** Those of objects in it, too: `author.id`. */
function namesIn(record: Json): string[] {
  if (!isItem(record)) return [];
  const names = Object.entries(record).flatMap(([name, value]: [string, Json]) =>
    isItem(value) && Object.keys(value).length > 0 ? Object.keys(value).map((below) => `${name}.${below}`) : [name],
  );
  return names.slice(0, MOST_NAMES);
}
