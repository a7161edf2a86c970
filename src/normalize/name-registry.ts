import { fitted, type NameLimit } from '../schema/fitted-name.ts';
import { PATH_SEPARATOR } from '../schema/names.ts';
import { shortenTag } from '../schema/tag.ts';

/** Whoever carries a name, and can be given another when an earlier right to it turns up. */
export interface NameOwner {
  /** The keys from the record down to the value, as they came; of a table, those to each list on the way joined by `__`. */
  readonly path: readonly string[];
  rename(name: string): unknown;
}

type Claim = NameOwner | 'system' | 'contested';

/**
 * Who owns which name of a table's columns, or of a pipeline's tables. Different keys can normalize to one name: the key that
 * equals it keeps it, every other one gets `__` and the tag of its own keys, whatever the order they come in.
 *
 * @example `foo_bar` keeps `foo_bar`; `fooBar` becomes `foo_bar__` and six characters.
 */
export class NameRegistry {
  readonly #claims = new Map<string, Claim>();
  /** Names in the destination: a tagged one there settles a collision of an earlier load. */
  readonly #isKnown: (name: string) => boolean;
  readonly #limit: NameLimit | undefined;

  constructor(isKnown: (name: string) => boolean, limit?: NameLimit) {
    this.#isKnown = isKnown;
    this.#limit = limit;
  }

  /** Nobody but the program itself uses this name. */
  reserve(name: string): void {
    this.#claims.set(name, 'system');
  }

  /** The name that `owner` carries from now on, given what its path normalizes to. May rename an earlier owner. */
  claim(name: string, owner: NameOwner): string {
    const current = this.#claims.get(name);
    const tagged = this.#tagged(name, owner.path);
    if (current === undefined) {
      if (!isLiteral(name, owner.path) && this.#isKnown(tagged)) return this.#take(tagged, owner);
      return this.#take(name, owner);
    }
    if (current === 'system' || current === 'contested') {
      return current === 'contested' && isLiteral(name, owner.path)
        ? this.#take(name, owner)
        : this.#take(tagged, owner);
    }
    if (precedes(name, owner.path, current.path)) {
      current.rename(this.#take(this.#tagged(name, current.path), current));
      return this.#take(name, owner);
    }
    if (!isLiteral(name, current.path)) {
      current.rename(this.#take(this.#tagged(name, current.path), current));
      this.#claims.set(name, 'contested');
    }
    return this.#take(tagged, owner);
  }

  /** A name that an earlier run gave, in a package that is continued. */
  restore(name: string, owner: NameOwner): void {
    const tag = PATH_SEPARATOR + shortenTag(owner.path.join('.'));
    const base = name.endsWith(tag) ? name.slice(0, -tag.length) : null;
    if (base !== null && !this.#claims.has(base)) this.#claims.set(base, 'contested');
    this.#take(name, owner);
  }

  /** The owner got another name because what it hangs under did. */
  move(owner: NameOwner, from: string, to: string): void {
    if (this.#claims.get(from) === owner) this.#claims.delete(from);
    this.#take(to, owner);
  }

  #tagged(name: string, path: readonly string[]): string {
    return fitted(`${name}${PATH_SEPARATOR}${shortenTag(path.join('.'))}`, this.#limit);
  }

  #take(name: string, owner: NameOwner): string {
    this.#claims.set(name, owner);
    return name;
  }
}

function isLiteral(name: string, path: readonly string[]): boolean {
  return path.join(PATH_SEPARATOR) === name;
}

/** The better right to a name: equal to it, then with fewer keys, then first in the alphabet. */
function precedes(name: string, path: readonly string[], other: readonly string[]): boolean {
  if (!isLiteral(name, path)) return false;
  if (!isLiteral(name, other)) return true;
  if (path.length !== other.length) return path.length < other.length;
  return path.join('.') < other.join('.');
}
