import { expect, test } from 'vitest';
import { useServer } from '../../support/server.ts';
import { postgres } from './kinds/postgres.ts';
import { newPlace, projectOn } from './project-on.ts';

const resources = [
  { name: 'appended' },
  { name: 'replaced', write_disposition: 'replace' },
  { name: 'merged', primary_key: 'id', write_disposition: 'merge' },
  { name: 'upserted', primary_key: 'id', write_disposition: { disposition: 'merge', strategy: 'upsert' } },
  { name: 'inserted', primary_key: 'id', write_disposition: { disposition: 'merge', strategy: 'insert-only' } },
];

test('rows that a trigger of somebody leaves out are counted, and told of', async () => {
  let first = 0;
  const { url } = await useServer(() => Array.from({ length: 10 }, (_, id) => ({ id: first + id })));
  const project = await projectOn(postgres, await newPlace(postgres), { url, resources });
  expect(await project.run()).toMatchObject({ code: 0 });
  await postgres.sql?.(
    project.place,
    `create function odd() returns trigger language plpgsql as
       'begin if new.id % 2 = 0 then return null; end if; return new; end'`,
  );
  for (const { name } of resources)
    await postgres.sql?.(
      project.place,
      `create trigger odd before insert on ${name} for each row execute function odd()`,
    );

  first = 10;
  const { code, stdout } = await project.run(['run', '--format', 'json']);
  expect(code).toBe(0);
  const { counts } = JSON.parse(stdout);
  for (const { name } of resources)
    expect(counts).toMatchObject({
      [`rows of ${name} left out by the server: a trigger or a rule of the table did not take them`]: 5,
    });
  const tables = await postgres.read(project.place);
  expect(resources.map(({ name }) => tables[name]?.length)).toEqual([15, 5, 15, 15, 15]);
});
