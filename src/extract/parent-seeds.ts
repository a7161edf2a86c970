import type { ParentBinding } from '../config/parents.ts';
import { PipelineError } from '../errors.ts';
import { ExactNumber } from '../json/exact-number.ts';
import { wellFormed } from '../json/json-text.ts';
import type { Json } from '../json/json-value.ts';
import type { ParentRecord } from '../package/layout.ts';
import { count } from '../text/count.ts';
import { didYouMean } from '../text/nearest.ts';
import type { ChainSeed, ChainSeeds } from './chain-seeds.ts';
import type { Values } from './http/url.ts';

/**
 * One seed for each record of the parent, or for each match of a path with several. Records without a value for a placeholder
 * are left out, and counted.
 *
 * @throws PipelineError SelectorFoundNothing where a path leads nowhere in every record, or to what no request can hold.
 */
export async function parentSeeds(
  child: string,
  binding: ParentBinding,
  records: AsyncIterable<ParentRecord> | Iterable<ParentRecord>,
): Promise<ChainSeeds> {
  const collected = new CollectedSeeds(child, binding);
  for await (const record of records) collected.add(record);
  return collected.seeds();
}

// --- internal ---

class CollectedSeeds {
  readonly #child: string;
  readonly #binding: ParentBinding;
  readonly #paths: readonly string[];
  readonly #seeds: ChainSeed[] = [];
  /** Records that are left out, by the first path that lacks a value. */
  readonly #without = new Map<string, number>();
  readonly #found = new Set<string>();
  readonly #names = new Set<string>();
  #records = 0;

  constructor(child: string, binding: ParentBinding) {
    this.#child = child;
    this.#binding = binding;
    this.#paths = [...new Set([...binding.fields.values(), ...binding.included.values()])];
  }

  add({ fields, names = [] }: ParentRecord): void {
    this.#records += 1;
    for (const name of names) this.#names.add(name);
    for (const path of this.#paths) if (Object.hasOwn(fields, path)) this.#found.add(path);
    const combinations = this.#combinations(fields);
    const included = this.#included(fields);
    for (const values of combinations) this.#seeds.push(included === undefined ? { values } : { values, included });
  }

  seeds(): ChainSeeds {
    const { parent, fields } = this.#binding;
    const nowhere = this.#records === 0 ? undefined : this.#paths.find((path) => !this.#found.has(path));
    if (nowhere !== undefined) throw this.#leadsNowhere(nowhere);
    const notes = [...this.#without].map(
      ([path, times]) =>
        `${times} of ${count(this.#records, 'record')} of \`${parent}\` ${times === 1 ? 'has' : 'have'} no \`${path}\``,
    );
    const looked = [...new Set(fields.values())].map((path) => `\`${path}\``).join(', ');
    return {
      seeds: this.#seeds,
      sources: [`${looked} of the records of \`${parent}\``],
      notes,
      partOf: this.#without.size === 0 ? undefined : `not every record of \`${parent}\` could be asked for`,
      isNoneKnown: this.#without.size === 0,
    };
  }

  /** Of what the placeholders stand for: several where a path has several matches. */
  #combinations(fields: ParentRecord['fields']): Values[] {
    let combinations: Values[] = [{}];
    for (const [key, path] of this.#binding.fields) {
      const matches = fields[path] ?? [null];
      const values = matches.filter((value) => value !== null && value !== '').map((value) => this.#sent(path, value));
      if (values.length === 0) {
        if (matches.length > 0) this.#without.set(path, (this.#without.get(path) ?? 0) + 1);
        return [];
      }
      combinations = combinations.flatMap((others) => values.map((value) => ({ ...others, [key]: value })));
    }
    return combinations;
  }

  #included(fields: ParentRecord['fields']): ChainSeed['included'] {
    const { included } = this.#binding;
    if (included.size === 0) return undefined;
    return Object.fromEntries([...included].map(([key, path]) => [key, fields[path]?.[0] ?? null]));
  }

  #sent(path: string, value: Json): Values[string] {
    if (typeof value === 'string') return wellFormed(value);
    if (typeof value === 'number' || typeof value === 'boolean') return value;
    if (typeof value === 'bigint' || value instanceof ExactNumber) return String(value);
    const isList = Array.isArray(value);
    throw new PipelineError({
      code: 'SelectorFoundNothing',
      message: `\`${path}\` in the records of \`${this.#binding.parent}\` is ${isList ? 'a list' : 'an object'}: \`${this.#child}\` needs a text, a number, true or false there.`,
      hint: isList ? `\`${path}[*]\` asks once for each of its items.` : `Name a field in it: \`${path}.id\`, say.`,
      facts: { resource: this.#child, parent: this.#binding.parent, field: path },
    });
  }

  #leadsNowhere(path: string): PipelineError {
    const { parent } = this.#binding;
    const names = [...this.#names];
    const there = names.length === 0 ? 'They have no fields' : `They have: ${names.join(', ')}`;
    return new PipelineError({
      code: 'SelectorFoundNothing',
      message: `No record of \`${parent}\` has \`${path}\`, which \`${this.#child}\` needs${didYouMean(path, names) || '.'}`,
      hint: `${there}.`,
      facts: { resource: this.#child, parent, field: path, names },
    });
  }
}
