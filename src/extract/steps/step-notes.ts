import { count } from '../../text/count.ts';

/** What a person should know of the steps of a resource, told when all its pages went through them. */
export class StepNotes {
  /** By what names it: whether a record had it. */
  readonly #names = new Map<string, NamedKey>();
  readonly #kept = new Map<string, { kept: number; of: number }>();
  readonly #said = new Set<string>();

  /** A step names a key; `isKnown`: of a record of this page; `others`: the keys of which one is enough. */
  named(step: string, name: string, isKnown: boolean, others: readonly string[] = []): void {
    const before = this.#isKnown(step, name);
    this.#names.set(idOf(step, name), { name, step, others, isKnown: before || isKnown });
  }

  /** A step left `kept` of so many records. */
  kept(step: string, kept: number, of: number): void {
    const before = this.#kept.get(step) ?? { kept: 0, of: 0 };
    this.#kept.set(step, { kept: before.kept + kept, of: before.of + of });
  }

  say(text: string): void {
    this.#said.add(text);
  }

  /** A key that is to be hidden and is nowhere may be a typing error that shows it. */
  get warnings(): string[] {
    return this.#unknown((step) => step === 'mask');
  }

  get notes(): string[] {
    const kept = [...this.#kept].map(([step, { kept, of }]) => `\`${step}\` kept ${kept} of ${count(of, 'record')}`);
    return [...kept, ...this.#said, ...this.#unknown((step) => step !== 'mask')];
  }

  #unknown(isMeant: (step: string) => boolean): string[] {
    return [...this.#names.values()]
      .filter(({ step, isKnown }) => !isKnown && isMeant(step))
      .filter(({ step, others }) => !others.some((other) => this.#isKnown(step, other)))
      .map(({ name, step }) => `no record had \`${name}\`, which \`${step}\` of \`processing_steps\` names`);
  }

  #isKnown(step: string, name: string): boolean {
    return this.#names.get(idOf(step, name))?.isKnown ?? false;
  }
}

// --- internal ---

interface NamedKey {
  readonly name: string;
  readonly step: string;
  readonly others: readonly string[];
  readonly isKnown: boolean;
}

function idOf(step: string, name: string): string {
  return `${step} ${name}`;
}
