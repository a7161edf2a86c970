import type { ResolvedResource } from '../config/pipeline-config.ts';
import { Ahead } from '../extract/ahead.ts';
import type { ChainSeeds } from '../extract/chain-seeds.ts';
import { isAskedOnce } from '../extract/endpoint.ts';
import type { Allowance } from '../extract/lookahead.ts';
import type { ExtractOutcome, Page } from '../extract/page.ts';
import type { ResourceProgress } from './resource-progress.ts';

/** What a resource that is left half-way would answer; nobody looks at it. */
export const NOTHING_MORE: ExtractOutcome = { status: 'extracted', records: 0, requests: 0, notes: [] };

/** The extraction of one resource: its seeds, looked up once, and its pages. */
export interface Extraction {
  readonly progress: ResourceProgress;
  readonly seeds: () => Promise<ChainSeeds | undefined>;
  readonly pages: Pick<AsyncGenerator<Page, ExtractOutcome>, 'next' | 'return'>;
}

export interface NewExtraction extends Extraction {
  readonly pages: AsyncGenerator<Page, ExtractOutcome>;
}

interface BegunExtraction extends Extraction {
  readonly pages: Ahead<Page, ExtractOutcome>;
}

/** Resources that are begun before it is their turn; each is one chain among those that may be read ahead. */
export class ResourcesAhead {
  readonly #allowance: Allowance;
  readonly #begun = new Map<string, BegunExtraction>();

  constructor(allowance: Allowance) {
    this.#allowance = allowance;
  }

  /** False where there is no allowance left for it. */
  begin(name: string, extraction: (stop: AbortSignal) => NewExtraction): boolean {
    if (this.#begun.has(name)) return true;
    if (!this.#allowance.take()) return false;
    const stop = new AbortController();
    const { pages, ...rest } = extraction(stop.signal);
    this.#begun.set(name, { ...rest, pages: new Ahead(pages, stop) });
    return true;
  }

  /** A resource whose turn it is; undefined if it was not begun. */
  take(name: string): Extraction | undefined {
    const begun = this.#begun.get(name);
    if (begun !== undefined) this.#allowance.giveBack();
    this.#begun.delete(name);
    return begun;
  }

  /**
   * Gives up what nobody came to, and waits until it is: a query that still ran in a DuckDB that is closed, or while the process
   * ends, would end the process with SIGSEGV.
   */
  async end(): Promise<void> {
    const begun = [...this.#begun.values()];
    this.#begun.clear();
    for (const _ of begun) this.#allowance.giveBack();
    await Promise.allSettled(begun.map(({ pages }) => pages.return(NOTHING_MORE)));
  }
}

/** A POST is never sent before its turn, and a program's own records are not asked for before it either, unless it says so. */
export function mayGoAhead({ endpoint, parallelized = endpoint !== undefined }: ResolvedResource): boolean {
  return parallelized !== false && !isAskedOnce(endpoint);
}
