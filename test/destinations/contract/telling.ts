import { randomBytes } from 'node:crypto';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Case } from './cases/case.ts';
import { Story, stepsOf, type Told } from './story.ts';
import type { Place, TestDestination, TextTables } from './test-destination.ts';

/** A run, and what was there after it. */
export interface ToldRun {
  readonly failure: Told['failure'];
  readonly tables: TextTables;
}

/** Unlike that of any other test that uses the same server. */
export function newDataset(): string {
  return `contract_${randomBytes(4).toString('hex')}`;
}

/** The runs of some cases on a destination: all of them as resources of one pipeline, once. */
export class Telling {
  readonly #destination: TestDestination;
  readonly cases: readonly Case[];
  readonly dataset: string;
  readonly #places: Place[] = [];
  #together: Promise<{ readonly story: Story; readonly runs: readonly ToldRun[] }> | undefined;

  constructor(destination: TestDestination, cases: readonly Case[], dataset = newDataset()) {
    this.dataset = dataset;
    this.#destination = destination;
    this.cases = cases;
  }

  together() {
    this.#together ??= this.#tell(this.cases, this.dataset);
    return this.#together;
  }

  /** The runs of a case. Where those of all fail, it is tried alone: one fault does not hide all others. */
  async of(one: Case): Promise<readonly ToldRun[]> {
    const { runs } = await this.together();
    const isWhole = runs.every(({ failure }) => failure === undefined);
    return isWhole ? runs : (await this.alone(one)).runs;
  }

  alone(one: Case) {
    return this.#tell([one], `${this.dataset}_${one.name}`);
  }

  /** A place of its own. */
  async place(name: string): Promise<Place> {
    const folder = await mkdtemp(join(await realpath(tmpdir()), 'dezgo-elt-contract-'));
    const place = { folder, dataset: name };
    this.#places.push(place);
    return place;
  }

  async end(): Promise<void> {
    for (const place of this.#places) {
      await this.#destination.drop(place);
      await rm(place.folder, { recursive: true, force: true });
    }
  }

  async #tell(cases: readonly Case[], name: string) {
    const story = new Story(this.#destination, await this.place(name));
    const runs: ToldRun[] = [];
    const most = Math.max(...cases.map(({ steps }) => steps.length));
    for (let run = 0; run < most; run += 1) {
      const { failure } = await story.tell(stepsOf(cases, run));
      runs.push({ failure, tables: failure === undefined ? await story.read() : {} });
    }
    return { story, runs };
  }
}
