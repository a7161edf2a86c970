import type { IncludedDraft } from './drafted-source.ts';
import { fieldFor, keyCandidates, type TakenBy } from './guess-key.ts';
import type { Guess } from './guessed.ts';
import { placeholderStep } from './json-path-of.ts';
import { singular, wordsOf } from './name-words.ts';
import { isParameter, type Operation, pathParameters } from './operations.ts';
import type { Schema, Schemas } from './schemas.ts';

/** A resource, as far as others can be its children. */
export interface Kin {
  readonly name: string;
  readonly operation: Operation;
  readonly isList: boolean;
  readonly item: Schema;
}

interface OpenParameter {
  readonly name: string;
  readonly placeholder: string;
}

export interface Family {
  readonly parent: string | undefined;
  /** The path with placeholders, and why these. */
  readonly path: Guess<string>;
  readonly included: readonly IncludedDraft[];
  /** Parameters that no parent has a value for: as the document calls them, and as the path does. */
  readonly open: readonly OpenParameter[];
  /** What may stand for a parameter that no field was taken for. */
  readonly notes: readonly string[];
}

/** What the parameters of paths stand for: fields of the records of other resources. */
export class Parents {
  readonly #schemas: Schemas;
  readonly #byPath = new Map<string, Kin>();
  readonly #byNoun = new Map<string, Kin>();
  readonly #families = new Map<Kin, Family>();

  constructor(schemas: Schemas, all: readonly Kin[]) {
    this.#schemas = schemas;
    for (const kin of all) {
      const { segments } = kin.operation;
      if (!kin.isList) continue;
      const path = pathKey(segments);
      if (!this.#byPath.has(path)) this.#byPath.set(path, kin);
      const noun = nounOf(segments.at(-1) ?? '');
      // Only what needs no parent itself: so nobody becomes the parent of their own parent.
      if (!segments.some(isParameter) && !this.#byNoun.has(noun)) this.#byNoun.set(noun, kin);
    }
  }

  of(kin: Kin): Family {
    const known = this.#families.get(kin);
    if (known !== undefined) return known;
    const family = this.#found(kin);
    this.#families.set(kin, family);
    return family;
  }

  /** The list that is asked for where a path has this parameter at this place. */
  collectionOf(segments: readonly string[], at: number): Kin | undefined {
    const before = segments.slice(0, at);
    const last = before.at(-1);
    if (last === undefined || isParameter(last)) return undefined;
    const rest = before.slice(0, -1);
    return (
      this.#byPath.get(pathKey(before)) ??
      this.#byPath.get(pathKey([...rest, `${last}s`])) ??
      this.#byPath.get(pathKey([...rest, singular(last)]))
    );
  }

  #found(kin: Kin): Family {
    const { segments, path } = kin.operation;
    const names = pathParameters(path);
    const places = segments.flatMap((segment, index) => (isParameter(segment) ? [{ segment, index }] : []));
    const notes: string[] = [];
    for (const { segment, index } of places.toReversed()) {
      const [name, ...more] = pathParameters(segment);
      if (name === undefined || more.length > 0 || !/^\{[^{}]*\}(\.json)?$/.test(segment)) continue;
      const byPath = this.collectionOf(segments, index);
      const parent = byPath ?? this.#byNoun.get(nounOf(withoutEnd(name)));
      if (parent === undefined || parent === kin || parent.operation.path === path) continue;
      const noun = parent.operation.segments.findLast((one) => !isParameter(one)) ?? parent.name;
      const field = fieldFor(takenBy(kin, name), noun, this.#schemas, parent.item);
      if (field === undefined || placeholderStep(field.value) === undefined) {
        const known = keyCandidates(this.#schemas, parent.item);
        if (known.length > 0) notes.push(`{${name}}: perhaps a field of \`${parent.name}\`: ${known.join(', ')}`);
        continue;
      }
      const above = this.of(parent);
      const fields = new Map([
        ...this.#accounts(names, parent),
        ...inherited(above, parent, segments),
        [name, field.value],
      ]);
      const given = new Set(above.included.map(({ as }) => as));
      return bound(kin, parent, names, fields, given, `${field.why}: \`${field.value}\``);
    }
    const open = openOf(names);
    return { parent: undefined, path: { value: filled(path, new Map(), '') }, included: [], open, notes };
  }

  /** `{owner}` beside a list whose records have `owner.login`. */
  #accounts(names: readonly string[], { item }: Kin): [name: string, field: string][] {
    return names.flatMap((name) => {
      if (!/^[A-Za-z_]\w*$/.test(name)) return [];
      const { kind, properties } = this.#schemas.of(item.properties.get(name));
      const login = ['login', 'username'].find((key) => properties.has(key));
      return kind !== 'object' || login === undefined ? [] : [[name, `${name}.${login}`]];
    });
  }
}

// --- internal ---

/** What a parent's own path was filled with: its records have got it from their parents. */
function inherited({ included, path }: Family, parent: Kin, segments: readonly string[]): Map<string, string> {
  const expressions = pathParameters(path.value);
  const mine = segments.filter(isParameter);
  const own = parent.operation.segments.filter(isParameter);
  return new Map(
    own.flatMap((_, index) => {
      const [name] = pathParameters(mine[index] ?? '');
      const given = included.find(({ from }) => expressions[index]?.endsWith(placeholderStep(from) ?? ' '));
      return name === undefined || given === undefined ? [] : [[name, given.as] as const];
    }),
  );
}

function bound(
  kin: Kin,
  parent: Kin,
  names: readonly string[],
  fields: ReadonlyMap<string, string>,
  given: ReadonlySet<string>,
  why: string,
): Family {
  const taken = [...new Set(fields.values())];
  const included = taken.map((from) => {
    const usual = `_${parent.name}_${from}`;
    // What came from further up keeps its name on the way down.
    const as = given.has(from) ? from : usual.replace(/\W/g, '_');
    return { from, as, isUsual: as === usual };
  });
  return {
    parent: parent.name,
    path: { value: filled(kin.operation.path, fields, parent.name), why },
    included,
    open: openOf(names.filter((name) => !fields.has(name))),
    notes: [],
  };
}

/** With the fields of a parent, and a name that fits for what has none. */
function filled(path: string, fields: ReadonlyMap<string, string>, parent: string): string {
  return path.replace(/\{([^{}]*)\}/g, (_, name: string) => {
    const field = fields.get(name);
    return field === undefined ? `{${placeholderOf(name)}}` : `{resources.${parent}${placeholderStep(field) ?? ''}}`;
  });
}

function takenBy({ operation: { parameters } }: Kin, name: string): TakenBy {
  const found = parameters.find((parameter) => parameter.name === name && parameter.place === 'path');
  return { name, kind: found?.schema.kind ?? 'unknown', description: found?.description ?? '' };
}

function openOf(names: readonly string[]): OpenParameter[] {
  return [...new Set(names)].map((name) => ({ name, placeholder: placeholderOf(name) }));
}

function placeholderOf(name: string): string {
  return name.replace(/\W+/g, '_').slice(0, 100);
}

function pathKey(segments: readonly string[]): string {
  return segments.map((segment) => (isParameter(segment) ? '{}' : segment)).join('/');
}

function nounOf(text: string): string {
  return wordsOf(text).map(singular).join('');
}

/** `projectId` → `project`. */
function withoutEnd(name: string): string {
  const words = wordsOf(name);
  return words.length > 1 && /^(id|ids|uuid|guid|slug|key|code|name|number|identifier)$/.test(words.at(-1) ?? '')
    ? words.slice(0, -1).join(' ')
    : name;
}
