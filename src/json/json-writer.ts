type JsonObject = Readonly<Record<string, unknown>>;

/** One way of writing JSON. */
export interface JsonForm {
  /** The text of a value that holds no others; undefined for a list, or an object whose members are to be written. */
  scalar(value: unknown): string | undefined;
  key(name: string): string;
  /** Names of the members that are to be written, in their order. */
  keys(object: JsonObject): readonly string[];
}

/** A list or an object of which a part is written. */
interface Open {
  /** Null where it is an object. */
  readonly list: readonly unknown[] | null;
  readonly object: JsonObject;
  readonly keys: readonly string[];
  readonly length: number;
  next: number;
}

const NO_OBJECT: Pick<Open, 'object' | 'keys'> = { object: {}, keys: [] };

/** A value as compact JSON text, without recursion: however deep it is. */
export function writeJson(root: unknown, form: JsonForm): string {
  const open: Open[] = [];
  const begin = (value: unknown): string => {
    const scalar = form.scalar(value);
    if (scalar !== undefined) return scalar;
    if (Array.isArray(value)) {
      open.push({ list: value, ...NO_OBJECT, length: value.length, next: 0 });
      return '[';
    }
    const object = value as JsonObject; // as it is neither scalar nor list
    const keys = form.keys(object);
    open.push({ list: null, object, keys, length: keys.length, next: 0 });
    return '{';
  };
  let text = begin(root);
  for (let top = open.at(-1); top !== undefined; top = open.at(-1)) {
    const { list, object, keys, length } = top;
    const at = top.next++;
    if (at === length) {
      text += list === null ? '}' : ']';
      open.pop();
      continue;
    }
    if (at > 0) text += ',';
    const key = keys[at] ?? '';
    text += list === null ? `${form.key(key)}:${begin(object[key])}` : begin(list[at]);
  }
  return text;
}

/** Members without a value are left out, as JSON.stringify does. */
export function writtenKeys(object: JsonObject): string[] {
  return Object.keys(object).filter((key) => object[key] !== undefined);
}
