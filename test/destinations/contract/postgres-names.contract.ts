import { expect, test } from 'vitest';
import { resolveConfig } from '../../../src/config/load-config.ts';
import { destinationOf } from '../../../src/destinations/destination-kinds.ts';
import { useServer } from '../../support/server.ts';
import { postgres } from './kinds/postgres.ts';
import { newPlace, projectOn } from './project-on.ts';

test("tables and columns of others that differ in capitals alone, and system columns, are in nobody's way", async () => {
  const place = await newPlace(postgres);
  const { url } = await useServer(() => [{ id: 1, name: 'one', ctid: 'c', xmax: [1] }]);
  const resources = [{ name: 'things', primary_key: 'ctid', write_disposition: 'merge' }, { name: 'others' }];
  await postgres.sql?.(
    place,
    `create schema ${place.dataset}; create table ${place.dataset}."Things" ("ID" int, name int)`,
  );
  const project = await projectOn(postgres, place, { url, resources });
  expect(await project.run()).toMatchObject({ code: 0 });
  await postgres.sql?.(place, 'alter table others add column "ID" text, drop column id');
  for (let times = 0; times < 2; times += 1) expect(await project.run()).toMatchObject({ code: 0 });

  const tables = await postgres.read(place);
  expect(tables.things).toMatchObject([{ id: '1', name: 'one', ctidx: 'c' }]);
  expect(tables.others?.map((row) => [row.id, row.ID])).toEqual([
    [null, null],
    ['1', null],
    ['1', null],
  ]);
  expect(tables.Things).toEqual([]);

  const config = await resolveConfig(
    {
      pipeline: {
        name: 'p',
        dataset_name: place.dataset,
        destination: { type: 'postgres', credentials: process.env.TEST_POSTGRES ?? '' },
      },
      source: { name: 's', resources: [{ name: 'things', data: () => [] }] },
    },
    {},
  );
  const read: unknown[] = [];
  for await (const row of destinationOf(config).rows('things')) read.push(row);
  expect(read).toMatchObject([{ ctidx: 'c' }]);
});
