import type { Column } from './column.ts';

/** Takes the elements of a list as rows of a nested table. */
export interface RowTaker {
  addRow(value: unknown, parentRow: number, rootRow: number, index: number): void;
}

/**
 * What is known of one key of a record: where its scalars, objects and lists go. A key can have all three when its values
 * change their kind.
 */
export class Field {
  readonly key: string;
  /** The keys from the record down to here. */
  readonly path: readonly string[];
  /** Name of its column: that of the path, as long as the destination takes it. */
  readonly name: string;
  /** Normalized name of the path. */
  readonly pathName: string;
  /** How many objects and lists stand between the root record and this value. */
  readonly depth: number;
  /** Place in its shape's order. */
  readonly index: number;
  /** The name of a column of the program's own: a scalar that the record brings for it is not taken here. */
  readonly own: boolean;
  column: Column | null = null;
  shape: Shape | null = null;
  child: RowTaker | null = null;
  /** A value came, were it an empty list or one that the contract left out. */
  seen = false;

  constructor(parts: Pick<Field, 'key' | 'path' | 'name' | 'pathName' | 'depth' | 'index' | 'own'>) {
    this.key = parts.key;
    this.path = parts.path;
    this.name = parts.name;
    this.pathName = parts.pathName;
    this.depth = parts.depth;
    this.index = parts.index;
    this.own = parts.own;
  }

  get onlyNull(): boolean {
    return !this.own && !this.seen;
  }
}

/** The keys that objects at one place have had so far, in the order they came. */
export class Shape {
  readonly path: readonly string[];
  readonly name: string;
  readonly depth: number;
  readonly fields: Field[] = [];
  readonly byKey = new Map<string, Field>();

  constructor(path: readonly string[], name: string, depth: number) {
    this.path = path;
    this.name = name;
    this.depth = depth;
  }

  add(field: Field): Field {
    this.fields.push(field);
    this.byKey.set(field.key, field);
    return field;
  }

  /** Names of the keys for which only null came, here and below. */
  nullOnly(): string[] {
    return this.fields.flatMap((field) => [
      ...(field.onlyNull ? [field.name] : []),
      ...(field.shape?.nullOnly() ?? []),
    ]);
  }
}
