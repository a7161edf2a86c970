import type { ResolvedResource } from '../../config/pipeline-config.ts';
import type { Json } from '../../json/json-value.ts';
import type { PlaceholderValues } from '../../text/placeholders.ts';
import { membersOf } from '../parent-fields.ts';
import type { Item } from './item.ts';
import { type Step, type StepParts, stepOf } from './step-kinds.ts';
import { StepNotes } from './step-notes.ts';

type Expressions = Awaited<ReturnType<StepParts['expressions']>>;

/** What `processing_steps` make of the records of a resource, a page at a time, in the order of the configuration. */
export class Steps {
  readonly #notes = new StepNotes();
  #steps: readonly Step[] = [];
  #expressions: Promise<Expressions> | undefined;

  /** Throws NoExpression for SQL that `validate` would have refused. To be closed. */
  static async open(
    { name, processing_steps = [] }: ResolvedResource,
    signal: AbortSignal | undefined,
  ): Promise<Steps> {
    const steps = new Steps();
    const expressions = () => (steps.#expressions ??= openExpressions());
    const parts: StepParts = { expressions, resource: name, signal, notes: steps.#notes };
    try {
      const made: Step[] = [];
      for (const config of processing_steps) made.push(await stepOf(config, parts));
      steps.#steps = made;
      return steps;
    } catch (error) {
      await steps.close();
      throw error;
    }
  }

  /** `values`: what placeholders stand for in the chain that the page is a part of. */
  async apply(records: readonly Json[], values: PlaceholderValues): Promise<readonly Json[]> {
    if (this.#steps.length === 0 || records.length === 0) return records;
    let items: readonly Item[] = records.flatMap(membersOf);
    for (const step of this.#steps) items = await step(items, values);
    return items;
  }

  get notes(): readonly string[] {
    return this.#notes.notes;
  }

  /** What a person should act on. */
  get warnings(): readonly string[] {
    return this.#notes.warnings;
  }

  async close(): Promise<void> {
    const expressions = await this.#expressions?.catch(() => undefined);
    expressions?.close();
  }
}

// --- internal ---

/** A cold run without such steps pays nothing for them. */
async function openExpressions(): Promise<Expressions> {
  const { Expressions: Opened } = await import('../../duckdb/expressions.ts');
  return Opened.open();
}
