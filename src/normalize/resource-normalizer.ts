import type { Findings } from '../findings.ts';
import type { PackageTable } from '../package/layout.ts';
import type { DescribedTable, LoadPackage } from '../package/load-package.ts';
import type { Contract } from '../schema/contract.ts';
import { fitted, type NameLimit } from '../schema/fitted-name.ts';
import { PATH_SEPARATOR } from '../schema/names.ts';
import { columnName } from '../schema/naming.ts';
import type { TableSchema } from '../schema/table-schema.ts';
import { memberRecords } from '../values/member-records.ts';
import { ColumnFactory } from './column-factory.ts';
import { ContractGuard } from './contract-guard.ts';
import type { NameOwner, NameRegistry } from './name-registry.ts';
import { type RootKey, RowKeys } from './row-keys.ts';
import { type NestedPlace, TableNormalizer } from './table-normalizer.ts';

/** Records are looked at in groups of this size before the buffers are checked for being full. */
const GROUP = 64;

/** How a resource's records become tables. */
export interface ResourceRules {
  readonly resource: string;
  /** The root table's document as hints and destination give it. */
  readonly root: TableSchema;
  /** Document of a nested table, by its name and the keys that lead to it, as destination and hints give it. */
  nestedTable(name: string, path: readonly string[]): TableSchema;
  /** What the contract allows, for the root table and for each nested one. */
  contract(path: readonly string[]): Contract;
  /** Whether the destination has the table. */
  isNew(table: string): boolean;
  /** Columns of the table that take no values: the destination generates them. */
  generated(table: string): readonly string[];
  readonly findings: Pick<Findings, 'count' | 'reject'>;
  readonly rootKey: boolean;
  readonly maxNesting: number;
  readonly maxColumns: number;
  /** Of names in the destination. */
  readonly nameLimit: NameLimit | undefined;
  /** Tables of the package that is continued, parents before children. */
  readonly begun: readonly PackageTable[];
  /** Where `_dlt_id` is prescribed: by key for upsert and insert-only, by row for scd2. */
  readonly prescribedKey: RootKey | null;
}

/** A nested table with what it takes to rename it and those below it. */
interface TableEntry {
  readonly table: TableNormalizer;
  readonly parent: TableEntry | null;
  /** Null for the root, whose name is settled. */
  readonly owner: NameOwner | null;
  readonly path: readonly string[];
  /** Names on the way here joined by `__`: the table's own where the destination takes it. */
  pathName: string;
  readonly depth: number;
}

/** Turns the records of one resource into rows of its root table and the nested tables found in them. */
export class ResourceNormalizer {
  readonly #rules: ResourceRules;
  readonly #package: LoadPackage;
  readonly #names: NameRegistry;
  readonly #entries: TableEntry[] = [];
  readonly #root: TableNormalizer;
  readonly #rootGuard: ContractGuard;

  /** `names`: of all tables of the pipeline, shared by its resources. */
  constructor(rules: ResourceRules, loadPackage: LoadPackage, names: NameRegistry) {
    this.#rules = rules;
    this.#package = loadPackage;
    this.#names = names;
    const path = [rules.root.name];
    this.#rootGuard = this.#guard(rules.root.name, path);
    this.#root = this.#makeTable(
      rules.root,
      { parent: null, owner: null, path, pathName: rules.root.name, depth: 0 },
      this.#rootGuard,
    );
    for (const table of rules.begun) this.#restore(table);
  }

  /** Takes records from `from` on until the buffers are full; answers the index of the first that was not taken. */
  add(records: readonly unknown[], from: number): number {
    let next = from;
    while (next < records.length) {
      const end = Math.min(next + GROUP, records.length);
      for (; next < end; next++) {
        const record = records[next];
        if (isNothing(record))
          this.#rules.findings.count('records left out because they were null or an empty list', 1);
        else this.#addRecord(record);
      }
      if (this.#package.isFull) return next;
    }
    return next;
  }

  describe(): DescribedTable[] {
    return this.#entries.map(({ table, owner, path, depth }) => ({
      buffer: table.buffer,
      table: {
        schema: table.document,
        root: this.#rules.root.name,
        resource: this.#rules.resource,
        nullOnly: table.nullOnly(),
        firstValues: table.columns.firstValues,
        keys: table.columns.keys(),
        ownKeys: table.keys.brought,
        place: owner === null ? null : { path, steps: owner.path, depth },
      },
    }));
  }

  #addRecord(record: unknown): void {
    if (!Array.isArray(record)) this.#addRoot(record);
    else for (const member of memberRecords(record)) this.#addRoot(member);
  }

  #addRoot(record: unknown): void {
    if (this.#rootGuard.allowsTable(this.#rules.root.name, [record])) this.#root.addRow(record, -1, -1, 0);
  }

  #makeTable(document: TableSchema, place: Omit<TableEntry, 'table'>, guard: ContractGuard): TableNormalizer {
    const { parent, depth } = place;
    const nested = parent !== null;
    const buffer = this.#package.table(document.name, nested);
    const begun = this.#rules.begun.find(({ schema }) => schema.name === document.name);
    const { maxColumns, findings, rootKey, maxNesting, nameLimit, prescribedKey } = this.#rules;
    const table = new TableNormalizer({
      buffer,
      document,
      columns: new ColumnFactory({
        buffer,
        document,
        rootKey,
        guard,
        begun,
        generated: this.#rules.generated(document.name),
        maxColumns,
        nameLimit,
        findings,
      }),
      keys: new RowKeys(buffer, parent?.table.keys ?? null, nested ? null : prescribedKey, begun?.ownKeys ?? false),
      guard,
      nestedTable: (below) => this.#makeNested(entry, below),
      rowsBelow: () => this.#below(entry).map((each) => ({ buffer: each.table.buffer, rows: each.table.buffer.rows })),
      level: place.path.length - 1,
      depth,
      maxNesting,
      nameLimit,
    });
    const entry: TableEntry = { ...place, table };
    this.#entries.push(entry);
    return table;
  }

  #makeNested(parent: TableEntry, { path: below, name, depth, rows }: NestedPlace): TableNormalizer | null {
    const path = [...parent.path, ...below];
    const pathName = parent.pathName + PATH_SEPARATOR + name;
    const wanted = fitted(pathName, this.#rules.nameLimit);
    // The same keys can lead here through an object or through a list; rows of the two have parents in different tables.
    const steps = [...(parent.owner ?? parent).path, below.join(PATH_SEPARATOR)];
    const begun = this.#entries.find(({ owner }) => owner !== null && isSame(owner.path, steps));
    if (begun !== undefined) return begun.table;
    const guard = this.#guard(wanted, path);
    if (!guard.allowsTable(wanted, rows)) return null;
    let made: TableNormalizer | null = null;
    const owner = { path: steps, rename: (other: string) => made !== null && this.#rename(made, other) };
    const own = this.#names.claim(wanted, owner);
    const document = { ...this.#rules.nestedTable(own, path), parent: parent.table.document.name };
    made = this.#makeTable(document, { parent, owner, path, pathName: own === wanted ? pathName : own, depth }, guard);
    return made;
  }

  #restore({ schema, place }: PackageTable): void {
    const parent = this.#entries.find(({ table }) => table.document.name === schema.parent);
    if (place === null || parent === undefined) return;
    const { path, steps, depth } = place;
    const { nameLimit } = this.#rules;
    const owner = { path: steps, rename: (other: string) => this.#rename(table, other) };
    this.#names.restore(schema.name, owner);
    const document = { ...this.#rules.nestedTable(schema.name, path), parent: parent.table.document.name };
    const guard = this.#guard(schema.name, path);
    const keys = path.slice(parent.path.length).map((key) => columnName(key, nameLimit));
    const joined = [parent.pathName, ...keys].join(PATH_SEPARATOR);
    const pathName = fitted(joined, nameLimit) === schema.name ? joined : schema.name;
    const table: TableNormalizer = this.#makeTable(document, { parent, owner, path, pathName, depth }, guard);
  }

  #guard(table: string, path: readonly string[]): ContractGuard {
    return new ContractGuard(this.#rules.contract(path), this.#rules.isNew(table), this.#rules.findings);
  }

  #below(entry: TableEntry): TableEntry[] {
    return [entry, ...this.#entries.filter(({ parent }) => parent === entry).flatMap((child) => this.#below(child))];
  }

  /** The table has to give its name to a key with a better right to it; nested ones follow. */
  #rename(table: TableNormalizer, name: string, pathName = name): void {
    const entry = this.#entries.find((one) => one.table === table);
    const old = entry?.pathName ?? table.document.name;
    table.rename(name);
    if (entry !== undefined) entry.pathName = pathName;
    for (const { parent, owner, pathName: from, table: below } of this.#entries) {
      if (parent?.table !== table || owner === null) continue;
      const path = from.startsWith(old) ? pathName + from.slice(old.length) : from;
      const to = fitted(path, this.#rules.nameLimit);
      this.#names.move(owner, below.document.name, to);
      this.#rename(below, to, path);
      below.document.parent = name;
    }
  }
}

function isNothing(record: unknown): boolean {
  return record === null || record === undefined || (Array.isArray(record) && record.length === 0);
}

function isSame(path: readonly string[], other: readonly string[]): boolean {
  return path.length === other.length && path.every((step, index) => step === other[index]);
}
