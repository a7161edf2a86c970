import { resourceWord, singular } from './name-words.ts';
import { isParameter, type Operation } from './operations.ts';

/** Names that resources get by their paths: `/users/{id}/posts` → `users_posts`, `/users/{id}` → `user`. Each is given once. */
export class ResourceNames {
  readonly #given = new Set<string>();
  readonly #counts = new Map<string, number>();

  next({ segments }: Operation, isList: boolean): string {
    const words = segments.map((segment) => (isParameter(segment) ? '' : resourceWord(segment.replace(/\.json$/, ''))));
    const fixed = words.filter((word, index) => word !== '' && !(index < 3 && prefix.test(word)));
    const parts = fixed.length > 0 ? fixed : words.filter(Boolean);
    const last = parts.at(-1) ?? 'resource';
    const isOne = !isList && isParameter(segments.at(-1));
    const one = singularPhrase(last);
    const own = !isOne || one === last ? last : one;
    const name = shortened([...parts.slice(0, -1), own]);
    const by = isOne && one === last ? resourceWord(segments.at(-1) ?? '') : '';
    return this.#unique(by === '' ? name : shortened([name, 'by', by]));
  }

  #unique(name: string): string {
    let unique = name;
    while (this.#given.has(unique)) {
      const count = (this.#counts.get(name) ?? 1) + 1;
      this.#counts.set(name, count);
      unique = `${name}_${count}`;
    }
    this.#given.add(unique);
    return unique;
  }
}

// --- internal ---

/** What paths begin with that says nothing of what they lead to. */
const prefix = /^(api|apis|rest|v\d[a-z0-9_]*|\d+(_\d+)*|latest|public|json|services?)$/;
const LONGEST = 60;

function singularPhrase(words: string): string {
  const parts = words.split('_');
  return [...parts.slice(0, -1), singular(parts.at(-1) ?? '')].join('_');
}

/** The end of a path says most. */
function shortened(parts: readonly string[]): string {
  let kept = parts;
  while (kept.length > 1 && kept.join('_').length > LONGEST) kept = kept.slice(1);
  const name = kept.join('_').slice(0, LONGEST).replace(/_$/, '');
  return /^[a-z]/.test(name) ? name : `r_${name}`;
}
