import type { Findings } from '../findings.ts';
import { ExactNumber } from '../json/exact-number.ts';
import { jsonText, wellFormed } from '../json/json-text.ts';
import type { PackageTable } from '../package/layout.ts';
import type { TableBuffer } from '../package/table-buffer.ts';
import { packageType } from '../schema/duckdb-type.ts';
import { fitted, type NameLimit } from '../schema/fitted-name.ts';
import { VARIANT_SEPARATOR } from '../schema/names.ts';
import { systemColumns } from '../schema/system-columns.ts';
import type { ColumnSchema, TableSchema } from '../schema/table-schema.ts';
import { coerce } from '../values/coerce.ts';
import { HUGEINT, inferType, TEXT, valueKind } from '../values/infer.ts';
import { Column, putCoerced } from './column.ts';
import { tooManyColumns } from './columns-too-many.ts';
import type { ContractGuard } from './contract-guard.ts';
import { NameRegistry } from './name-registry.ts';
import type { Field } from './shape.ts';

/** Values are shown in reports; this much of one is enough to find it. */
const SHOWN_CHARACTERS = 100;

export interface ColumnFactoryParts {
  readonly buffer: TableBuffer;
  /** Known columns: those of the destination, those of hints; grows as columns come. */
  readonly document: TableSchema;
  /** `_dlt_root_id` is asked for: the resource is merged, or says `root_key`. */
  readonly rootKey: boolean;
  readonly guard: ContractGuard;
  /** Columns that take no values: a key of that name gets another column. */
  readonly generated: readonly string[];
  /** What an earlier run made of this table in the package that is continued. */
  readonly begun: BegunColumns | undefined;
  readonly maxColumns: number;
  /** Of names in the destination. */
  readonly nameLimit: NameLimit | undefined;
  readonly findings: Pick<Findings, 'count'>;
}

type BegunColumns = Pick<PackageTable, 'keys' | 'firstValues'>;

/** Makes the columns of one table as values ask for them, and writes the values that need a decision. */
export class ColumnFactory {
  readonly firstValues: Record<string, string>;
  readonly #parts: ColumnFactoryParts;
  readonly #document: TableSchema;
  readonly #names: NameRegistry;
  /** By the keys that lead to them. */
  readonly #made = new Map<string, { readonly column: Column; readonly path: readonly string[] }>();

  constructor(parts: ColumnFactoryParts) {
    this.#parts = parts;
    this.#document = parts.document;
    this.#names = new NameRegistry((name) => Object.hasOwn(parts.document.columns, name), parts.nameLimit);
    for (const column of systemColumns(parts.buffer.nested, parts.rootKey)) this.#names.reserve(column.name);
    for (const name of parts.generated) this.#names.reserve(name);
    this.firstValues = { ...parts.begun?.firstValues };
    for (const [name, path] of Object.entries(parts.begun?.keys ?? {})) this.#restore(name, path);
  }

  /** Column → the keys that lead to it. */
  keys(): Record<string, readonly string[]> {
    return Object.fromEntries([...this.#made.values()].map(({ column, path }) => [column.buffer.name, path]));
  }

  /** The table keeps objects and lists of this field as JSON: hinted so, or made so by an earlier load. */
  isJson(field: Field): boolean {
    return this.#document.columns[field.name]?.data_type === 'json';
  }

  /**
   * Writes a value into its field's column, made here if need be, or into a variant of it where it does not fit; or nowhere,
   * where the contract says so.
   *
   * @throws RowDiscarded, PipelineError ContractViolated
   */
  write(field: Field, value: unknown, at: number, type?: 'json'): void {
    field.column ??= this.#newColumn(field, value, type);
    const { column } = field;
    if (column === null) return;
    const coerced = coerce(column.schema, value);
    if (coerced === undefined) this.#writeVariant(field, column, value, at);
    else this.#put(column, at, coerced, value);
  }

  /** After the first row: dlt's own columns come behind those of the record. Answers true. */
  addSystemColumns(): true {
    for (const column of systemColumns(this.#parts.buffer.nested, this.#parts.rootKey)) {
      const known = this.#document.columns[column.name];
      if (known?.data_type !== undefined) continue;
      // A hint such as `primary_key: _dlt_id` knows no type.
      this.#document.columns[column.name] = { ...column, ...known, nullable: false };
    }
    return true;
  }

  #newColumn(field: Field, value: unknown, type?: 'json'): Column | null {
    const inferred = type === undefined ? inferType(value) : { data_type: type };
    return this.#makeColumn(field.name, field.path, { ...inferred }, value, 'columns');
  }

  /** Named, as in dlt, by what the value is in JSON, not by what its text could mean. */
  #writeVariant(field: Field, column: Column, value: unknown, at: number): void {
    const variant = this.#variant(field, column, variantType(column.schema, value), value);
    if (variant === null) return;
    const coerced = coerce(variant.schema, value);
    if (coerced !== undefined) this.#put(variant, at, coerced, value);
    else {
      // An existing variant column can have another type than its name says; text takes everything.
      const text = this.#variant(field, column, TEXT, value);
      if (text !== null) this.#put(text, at, String(value), value);
    }
  }

  #put(column: Column, at: number, coerced: string | number | bigint | boolean, value: unknown): void {
    putCoerced(column, at, coerced);
    if (typeof coerced !== 'string' || !isNumber(value) || Number.isFinite(Number(value))) return;
    this.#parts.findings.count('numbers that no double can hold, kept as text', 1);
  }

  #variant(field: Field, column: Column, inferred: Partial<ColumnSchema>, value: unknown): Column | null {
    const key = `${inferred.data_type}${inferred.precision ?? ''}`;
    const known = column.variants.get(key);
    if (known !== undefined) return known;
    const suffix = VARIANT_SEPARATOR + inferred.data_type;
    const hints = { ...inferred, variant: true };
    const name = fitted(column.schema.name + suffix, this.#parts.nameLimit);
    const made = this.#makeColumn(name, [...field.path, suffix], hints, value, 'data_type');
    if (made !== null) column.variants.set(key, made);
    return made;
  }

  /** Null where the contract leaves the value out. */
  #makeColumn(
    wanted: string,
    path: readonly string[],
    inferred: Partial<ColumnSchema>,
    value: unknown,
    entity: 'columns' | 'data_type',
  ): Column | null {
    const begun = this.#made.get(keyOf(path));
    if (begun !== undefined) return begun.column;
    if (this.#isRefused(wanted, value, entity)) return null;
    const owner = { path, rename: (name: string) => this.#rename(column, name) };
    const name = this.#names.claim(wanted, owner);
    const known = this.#document.columns[name];
    const schema: ColumnSchema =
      known?.data_type === undefined ? { nullable: true, ...known, ...inferred, name } : known;
    if (known?.data_type === undefined) this.#add(schema, value);
    const column: Column = this.#keep(schema, path);
    return column;
  }

  #keep(schema: ColumnSchema, path: readonly string[]): Column {
    const column = new Column(schema, this.#parts.buffer.addColumn(schema.name, packageType(schema)));
    this.#made.set(keyOf(path), { column, path });
    return column;
  }

  #restore(name: string, path: readonly string[]): void {
    const schema = this.#document.columns[name];
    if (schema?.data_type === undefined) return;
    const column = this.#keep(schema, path);
    this.#names.restore(name, { path, rename: (other) => this.#rename(column, other) });
  }

  #isRefused(name: string, value: unknown, entity: 'columns' | 'data_type'): boolean {
    if (this.#document.columns[name]?.data_type !== undefined) return false;
    return !this.#parts.guard.allows(entity, this.#document.name, name, value);
  }

  #add(schema: ColumnSchema, value: unknown): void {
    this.#document.columns[schema.name] = schema;
    const count = Object.keys(this.#document.columns).length;
    if (count > this.#parts.maxColumns) throw tooManyColumns(this.#document.name, count, this.#parts.maxColumns);
    this.firstValues[schema.name] = shown(value);
  }

  /** The column has to give its name to a key with a better right to it. */
  #rename(column: Column, name: string): void {
    const { schema } = column;
    const old = schema.name;
    const first = this.firstValues[old];
    if (Object.hasOwn(this.firstValues, old) && first !== undefined) {
      this.firstValues[name] = first;
      delete this.firstValues[old];
      delete this.#document.columns[old];
      schema.name = name;
      this.#document.columns[name] = schema;
    } else {
      // The destination's column stays as it is; this key's values go to a new one from now on.
      this.#document.columns[name] = { ...schema, name };
      this.firstValues[name] = '';
    }
    this.#parts.buffer.renameColumn(column.buffer, name);
  }
}

function keyOf(path: readonly string[]): string {
  return JSON.stringify(path);
}

/** Numbers that a decimal column has no room for stay exact. */
function variantType({ data_type: type }: ColumnSchema, value: unknown): Partial<ColumnSchema> {
  if ((type === 'decimal' || type === 'wei') && isNumber(value)) return TEXT;
  return inferType(value) === HUGEINT ? HUGEINT : { data_type: valueKind(value) ?? 'text' };
}

function isNumber(value: unknown): boolean {
  return typeof value === 'number' || typeof value === 'bigint' || value instanceof ExactNumber;
}

function shown(value: unknown): string {
  const text = typeof value === 'object' ? jsonText(value) : String(value);
  // Well-formed also where the cut goes through an emoji: DuckDB reads no half of one in JSON.
  return wellFormed(text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text);
}
