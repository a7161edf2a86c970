import { expect, test } from 'vitest';
import { useServer } from '../../support/server.ts';
import { postgres } from './kinds/postgres.ts';
import { newPlace, projectOn } from './project-on.ts';

const server = new URL(process.env.TEST_POSTGRES ?? 'postgresql://nobody@127.0.0.1:9/none');
const password = decodeURIComponent(server.password);

const loader = `loader_${process.pid}`;

/** With the same password as the one who gives it its rights. */
const asLoader = {
  ...postgres,
  settings: () => ({
    type: 'postgres' as const,
    credentials: {
      host: server.hostname,
      port: Number(server.port),
      database: server.pathname.slice(1),
      username: loader,
      password: { secret: 'postgres_password', env: 'TEST_POSTGRES_PASSWORD' },
    },
  }),
};

test('who may make tables in a schema loads into it', async () => {
  const place = await newPlace(postgres);
  const { url } = await useServer(() => [{ id: 1, name: 'one' }]);
  const resources = [{ name: 'things', primary_key: 'id', write_disposition: 'merge' }];
  await postgres.sql?.(
    place,
    `create role ${loader} login password '${password}';
     create schema ${place.dataset}; grant usage, create on schema ${place.dataset} to ${loader}`,
  );
  try {
    const project = await projectOn(asLoader, place, { url, resources });
    for (let times = 0; times < 2; times += 1) expect(await project.run()).toMatchObject({ code: 0 });
    const { things } = await postgres.read(place);
    expect(things).toMatchObject([{ id: '1', name: 'one' }]);
  } finally {
    await postgres.sql?.(place, `drop owned by ${loader}; drop role ${loader}`);
  }
});
