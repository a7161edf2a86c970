import { join } from 'node:path';
import type { Destination } from '../../../src/destinations/destination.ts';
import { destinationOf } from '../../../src/destinations/destination-kinds.ts';
import {
  type ConfigFileInput,
  type Effects,
  type HttpRequest,
  PipelineError,
  realEffects,
  resolveConfig,
  runPipeline,
  type Trace,
} from '../../../src/index.ts';
import type { Case, Step } from './cases/case.ts';
import type { Place, Settings, TestDestination, TextTables } from './test-destination.ts';

/** What of a run is looked at. */
export type Told = Pick<Trace, 'exitCode' | 'packages'> & {
  readonly failure?: { readonly code: string; readonly message: string; readonly hint: string } | undefined;
};

/** Runs of one pipeline, the first on 2026-01-01, the second on 2026-01-02, …, so that load ids and keys are the same everywhere. */
export class Story {
  readonly destination: TestDestination;
  readonly place: Place;
  readonly #settings: Settings;
  #night = 0;

  constructor(destination: TestDestination, place: Place, settings = destination.settings(place)) {
    this.destination = destination;
    this.place = place;
    this.#settings = settings;
  }

  /** One run of these resources, whatever comes of it. */
  async tell(steps: ReadonlyMap<string, Step>): Promise<Told> {
    this.#night += 1;
    const refreshed = [...steps].filter(([, step]) => step.refreshed).map(([name]) => name);
    const scope = refreshed.length === 0 ? {} : { fullRefresh: refreshed };
    return runPipeline(this.#config(steps), { effects: this.#effects(steps), ...scope }).catch(notBegun);
  }

  /** What commands and programs ask of it. */
  async asked(): Promise<Destination> {
    const env = this.destination.env ?? {};
    return destinationOf(await resolveConfig(this.#config(new Map([['any', { reply: '[]' }]])), { env }));
  }

  read(): Promise<TextTables> {
    return this.destination.read(this.place);
  }

  #config(steps: ReadonlyMap<string, Step>): ConfigFileInput {
    return {
      pipeline: {
        name: 'contract',
        dataset_name: this.place.dataset,
        working_dir: join(this.place.folder, 'work'),
        destination: this.#settings,
      },
      source: {
        name: 'shop',
        client: { base_url: 'https://shop.invalid/' },
        resources: [...steps].map(([name, { reply: _, refreshed: __, endpoint, ...hints }]) => ({
          ...hints,
          name,
          endpoint: { path: name, ...endpoint },
        })),
      },
    };
  }

  #effects(steps: ReadonlyMap<string, Step>): Effects {
    const now = Date.UTC(2026, 0, this.#night);
    const transport = async ({ url }: HttpRequest) => {
      const reply = steps.get(new URL(url).pathname.slice(1))?.reply;
      return { status: reply === undefined ? 404 : 200, headers: new Headers(), body: Buffer.from(reply ?? '{}') };
    };
    return { ...realEffects, env: this.destination.env ?? {}, now: () => now, transport };
  }
}

/** What each case brings in a run. */
export function stepsOf(cases: readonly Case[], run: number): Map<string, Step> {
  return new Map(
    cases.flatMap(({ name, steps }): [string, Step][] => {
      const step = steps[run];
      return step === undefined ? [] : [[name, step]];
    }),
  );
}

/** The newest schema document, of a dataset that was read. */
export function documentOf(tables: TextTables): SchemaDocument {
  const versions = [...(tables._dlt_version ?? [])].sort((one, other) => Number(other.version) - Number(one.version));
  const text = versions[0]?.schema;
  if (typeof text !== 'string') return { tables: {} };
  const document: SchemaDocument = JSON.parse(text);
  return document;
}

interface SchemaDocument {
  readonly tables: Readonly<Record<string, { readonly columns?: Readonly<Record<string, { data_type?: string }>> }>>;
}

/** A run that was refused, or whose destination was out of reach. */
function notBegun(thrown: unknown): Told {
  if (!(thrown instanceof PipelineError)) throw thrown;
  return { exitCode: thrown.exitCode, packages: [], failure: thrown };
}
