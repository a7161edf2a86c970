import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Connection } from '../../duckdb/connection.ts';
import { makeFolder } from '../../files/folder.ts';
import { spillFolder } from '../../files/working-folder.ts';
import { type LoadResult, unchanged } from '../../load/load-result.ts';
import type { PipelineState } from '../../load/pipeline-state.ts';
import type { DatasetNames, StoredDataset } from '../../load/stored-dataset.ts';
import type { Target } from '../../load/target.ts';
import { readInfo } from '../../package/package-books.ts';
import { duckdbKind } from '../attached/attached-kind.ts';
import { loadPackage } from '../attached/load-attached.ts';
import { readCatalogue } from '../attached/read-catalogue.ts';
import { readDataset } from '../attached/read-dataset.ts';
import { writeState } from '../attached/write-state.ts';
import type { LoadChoices, OpenDestination, PublishedLoad } from '../destination.ts';
import type { DestinationRun } from '../destination-run.ts';
import { askOfAll } from './ask-of-all.ts';
import { type Marker, readMarkers, readRow } from './book-files.ts';
import { attachEmpty } from './dataset-shells.ts';
import { makeDraft } from './draft.ts';
import { alwaysChanged } from './files-errors.ts';
import type { FilesPlace } from './files-place.ts';
import { publishLoad } from './publish-load.ts';
import { type PublishedBooks, readPublishedBooks } from './published-books.ts';
import { pruneStates, settle } from './settle.ts';

/** How often a load is done again because others published meanwhile. */
const ATTEMPTS = 3;
const DRAFT = 'target';

const FILESYSTEM = { ...duckdbKind, dltType: 'dlt.destinations.filesystem' };

const ONLY_ADDS = 'files that are published are never changed';

type Work<T> = (draft: Target, published: PublishedBooks) => Promise<T>;

/**
 * Files in dlt's layout, during a run. A load goes into a draft: an attached catalogue in memory that has the tables without their
 * rows. What is in them afterwards becomes files.
 */
export class OpenFilesystem implements OpenDestination {
  readonly #place: FilesPlace;
  readonly #names: DatasetNames;
  readonly #run: DestinationRun;

  constructor(place: FilesPlace, names: DatasetNames, run: DestinationRun) {
    this.#place = place;
    this.#names = names;
    this.#run = run;
  }

  async read(): Promise<StoredDataset | undefined> {
    const published = await readPublishedBooks(this.#place.store);
    if (published.markers.length === 0) return undefined;
    return this.#drafting(published, ({ connection, catalog }) => readDataset(connection, catalog, this.#names));
  }

  async query<T>(memory: number, work: (connection: Connection) => Promise<T>): Promise<T | undefined> {
    const { OpenedFiles } = await import('./opened-files.ts');
    const opened = await OpenedFiles.openIfThere(this.#place, this.#names.dataset, memory);
    if (opened === undefined) return undefined;
    try {
      await opened.fillAll();
      await opened.sealIn(this.#names.dataset);
      return await work(opened.connection);
    } finally {
      opened.close();
    }
  }

  async load(loadId: string, { isRecovered }: LoadChoices): Promise<PublishedLoad> {
    const { store } = this.#place;
    const before = await readMarkers(store);
    const marker = before.find((one) => one.loadId === loadId);
    if (marker !== undefined) {
      await settle(this.#place, before);
      return unchanged((await readRow(store, marker.key))?.text('schema_version_hash') ?? '');
    }
    return this.#publishing(loadId, (draft, published) => this.#loadInto(draft, published, loadId, isRecovered));
  }

  async writeState(loadId: string, change: (state: PipelineState | undefined) => PipelineState | undefined) {
    const now = BigInt(Math.round(this.#run.effects.now() * 1000));
    const { states } = await this.#publishing(loadId, async ({ connection, catalog }) => {
      await writeState(connection, { catalog, names: this.#names, loadId, now }, change);
      return { ...unchanged(''), begun: this.#run.effects.now() };
    });
    return { states };
  }

  async state(): Promise<string> {
    return stateOf(await readMarkers(this.#place.store));
  }

  /** Loads into a draft and publishes that, again where others published meanwhile. */
  async #publishing(
    loadId: string,
    load: (draft: Target, published: PublishedBooks) => Promise<LoadResult & { readonly begun: number }>,
  ): Promise<PublishedLoad> {
    const { store, layout, workingDir } = this.#place;
    const folder = join(spillFolder(workingDir), loadId);
    await makeFolder(folder, 0o700);
    try {
      for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
        const published = await readPublishedBooks(store);
        await settle(this.#place, published.markers);
        const result = await this.#drafting(published, async (draft) => {
          const loaded = await load(draft, published);
          const { tables } = await readCatalogue(draft.connection, draft.catalog, draft.dataset);
          const drafted = { draft, tables, loadId, names: this.#names, published, folder };
          const { begun, replaced } = loaded;
          return (await publishLoad(store, layout, { ...drafted, begun, replaced })) ? loaded : undefined;
        });
        if (result === undefined) continue;
        const after = await readMarkers(store);
        await settle(this.#place, after);
        await pruneStates(this.#place, after, this.#names.pipelineName);
        return { ...result, states: { before: stateOf(published.markers), after: stateOf(after) } };
      }
      throw alwaysChanged(store.location, ATTEMPTS);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  async #loadInto(draft: Target, published: PublishedBooks, loadId: string, isRecovered: boolean) {
    const { database, effects, findings, expectations } = this.#run;
    const { dataset, pipelineName } = this.#names;
    await database.prepareFor('publishing');
    try {
      const begun = Number((await readInfo(draft.connection))?.created_at ?? effects.now());
      const how = {
        isRecovered,
        findings,
        kind: FILESYSTEM,
        onlyAdds: ONLY_ADDS,
      };
      const options = { target: draft.catalog, dataset, loadId, pipelineName, now: effects.now(), ...how };
      const load = () => loadPackage(draft.connection, options);
      const result = await askOfAll({ place: this.#place, draft, published, expectations }, load);
      return { ...result, begun };
    } finally {
      await database.prepareFor('extracting');
    }
  }

  /** With a draft that is gone afterwards. */
  async #drafting<T>(published: PublishedBooks, work: Work<T>): Promise<T> {
    const connection = await this.#run.database.connect();
    await attachEmpty(connection, DRAFT);
    try {
      const draft = { connection, catalog: DRAFT, dataset: this.#names.dataset };
      await makeDraft(draft, this.#place.store, published, this.#names);
      return await work(draft, published);
    } finally {
      await connection.run(`detach ${DRAFT}`);
      connection.close();
    }
  }
}

// --- internal ---

function stateOf(markers: readonly Marker[]): string {
  return `${markers.length} ${markers.at(-1)?.loadId ?? ''}`;
}
