import type { Marker } from './book-files.ts';
import type { FilesPlace } from './files-place.ts';
import { inParallel } from './in-parallel.ts';
import { writeManifest } from './manifest.ts';
import { stateFiles } from './published-books.ts';
import { replacedKey, TableFiles } from './table-files.ts';

/** What comes after the marker of a load, whoever left it undone: the list of its files; what it replaced goes. */
export async function settle(place: FilesPlace, markers: readonly Marker[]): Promise<void> {
  const { store, layout, manifest } = place;
  const files = await TableFiles.open(store, layout, markers);
  if (manifest) await writeManifest(place, markers, files);
  await inParallel([...files.outdated], (key) => store.delete(key));
  await inParallel(files.replacing, (loadId) => store.delete(replacedKey(loadId)));
}

/** As many as are kept; as with dlt, the oldest go. */
export async function pruneStates({ store, mostStates }: FilesPlace, markers: readonly Marker[], pipeline: string) {
  const files = await stateFiles(store, markers, pipeline);
  await inParallel(files.slice(mostStates), ({ key }) => store.delete(key));
}
