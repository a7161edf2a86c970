import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Project, projectIn } from '../../support/project.ts';
import { whenDone } from '../../support/shared.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { newDataset } from './telling.ts';
import type { Place, TestDestination } from './test-destination.ts';

export interface ProjectOn extends Project {
  readonly place: Place;
}

interface Shop {
  readonly url: string;
  readonly resources: readonly object[];
  /** Of the pipeline. */
  readonly name?: string;
}

/** A place that is gone when the test ends. */
export async function newPlace(destination: TestDestination): Promise<Place> {
  const place = { folder: await tempFolder(), dataset: newDataset() };
  whenDone(() => destination.drop(place));
  return place;
}

/** A folder with a configuration that loads into the place. */
export async function projectOn(
  destination: TestDestination,
  place: Place,
  { url, resources, name = 'shop' }: Shop,
): Promise<ProjectOn> {
  const cwd = await tempFolder();
  const config = {
    pipeline: { name, dataset_name: place.dataset, destination: destination.settings(place) },
    source: { name: 'shop', client: { base_url: `${url}/` }, resources },
  };
  await writeFile(join(cwd, 'pipeline.config.yaml'), JSON.stringify(config, null, 2));
  return { ...projectIn(cwd, 'none', { ...destination.env }), place };
}
