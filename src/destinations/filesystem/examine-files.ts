import { asPipelineError } from '../../errors.ts';
import { fail, ok, type Symptom, warn } from '../../report/doctor-text.ts';
import { bytesText } from '../../text/bytes.ts';
import { count, shortened } from '../../text/count.ts';
import { readMarkers } from './book-files.ts';
import { recordTables } from './dataset-shells.ts';
import type { FilesPlace } from './files-place.ts';
import { loadIdsOf, readPublishedBooks } from './published-books.ts';

const SUBJECT = 'destination';

/**
 * How the folder of a dataset is, and what of it no reader looks at. Changes nothing but for a file that is tried.
 *
 * @param within opens the place for as long as it is looked at
 */
export async function examineFiles(
  within: (look: (place: FilesPlace) => Promise<Symptom[]>) => Promise<Symptom[]>,
): Promise<Symptom[]> {
  try {
    return await within(symptomsOf);
  } catch (error) {
    return [fail(SUBJECT, asPipelineError(error))];
  }
}

// --- internal ---

async function symptomsOf({ store, layout }: FilesPlace): Promise<Symptom[]> {
  await store.tryOut();
  const markers = await readMarkers(store);
  const loads = markers.length === 0 ? 'nothing loaded yet' : count(markers.length, 'load');
  return [ok(SUBJECT, `${store.location}: ${loads}, writable`), ...(await leftBehind())];

  /** Files of loads without a marker. */
  async function leftBehind(): Promise<Symptom[]> {
    const { markers, schemas } = await readPublishedBooks(store);
    const complete = loadIdsOf(markers);
    const left = new Map<string, number>();
    for (const { schema } of schemas) {
      for (const { name } of recordTables([schema])) {
        for (const { key, bytes } of await store.list(layout.prefixOf(name, schema.name))) {
          const loadId = layout.ownerOf(key, name, schema.name)?.loadId;
          if (loadId !== undefined && !complete.has(loadId)) left.set(loadId, (left.get(loadId) ?? 0) + bytes);
        }
      }
    }
    if (left.size === 0) return [];
    const bytes = [...left.values()].reduce((sum, one) => sum + one, 0);
    return [
      warn(
        'leftovers',
        `${bytesText(bytes)} in files of ${count(left.size, 'load')} that never became complete: ${shortened([...left.keys()])}`,
        'A run goes on, or was killed: the next one finishes its load. No reader of ours looks at them; those of a package that was dropped can be deleted.',
      ),
    ];
  }
}
