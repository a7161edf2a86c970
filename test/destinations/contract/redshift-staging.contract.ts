import { readdir } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { useServer } from '../../support/server.ts';
import { redshift } from './kinds/redshift.ts';
import { newPlace, projectOn } from './project-on.ts';
import type { Place } from './test-destination.ts';

/** The same, with another bucket. */
const elsewhere = {
  ...redshift,
  settings: (place: Place) => {
    const there = redshift.settings(place);
    if (typeof there !== 'object' || there.type !== 'redshift') throw new Error('it has settings of its own');
    return { ...there, staging: { ...there.staging, bucket_url: 's3://nobody-has-made-it/rows' } };
  },
};

test('a bucket that is not there is told by doctor and by a run, with 2; the package waits', async () => {
  const place = await newPlace(redshift);
  const { url } = await useServer(() => [{ id: 1, name: 'one' }]);
  const project = await projectOn(elsewhere, place, { url, resources: [{ name: 'things' }] });
  expect(await project.run(['doctor'])).toMatchObject({
    stdout: expect.stringContaining('There is no bucket s3://nobody-has-made-it/rows.'),
  });
  const { code, stderr } = await project.run();
  expect({ code, stderr }).toEqual({
    code: 2,
    stderr: expect.stringContaining('There is no bucket s3://nobody-has-made-it/rows.'),
  });
  expect((await readdir(project.packages)).filter((name) => name.endsWith('.duckdb'))).toHaveLength(1);
  expect(await redshift.read(place)).toEqual({});
});
