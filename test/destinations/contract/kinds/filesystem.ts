import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Place, TestDestination } from '../test-destination.ts';
import { readFiles } from './read-files.ts';

const bucketOf = ({ folder }: Place) => join(folder, 'bucket');

/** What plain files cannot do, wherever they are. */
export const filesLack: TestDestination['lacks'] = {
  merge: { why: 'rows in plain files cannot be changed', refused: /ducklake/i },
  widening: { why: 'a file that was written keeps its types', variants: true },
  'required columns': { why: 'a file that was written keeps its columns', expected: (tables) => tables },
  'counts of deleted rows': { why: 'files are deleted without a look at their rows', expected: (tables) => tables },
};

/** Parquet files in a folder, as dlt lays them out. */
export const filesystem: TestDestination = {
  name: 'filesystem',
  settings: (place, more) => ({ type: 'filesystem', bucket_url: bucketOf(place), ...more }),
  read: (place) => readFiles(join(bucketOf(place), place.dataset)),
  drop: (place) => rm(bucketOf(place), { recursive: true, force: true }),
  lacks: filesLack,
};
