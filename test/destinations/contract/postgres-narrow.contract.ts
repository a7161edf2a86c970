import { expect, test } from 'vitest';
import { useServer } from '../../support/server.ts';
import { postgres } from './kinds/postgres.ts';
import { newPlace, projectOn } from './project-on.ts';

const resources = [
  { name: 'prices', primary_key: 'id' },
  { name: 'places', columns: { address: { data_type: 'text' } } },
];
const exact = { prices: { id: 1, price: 1.25, at: '2026-01-01T10:00:00Z' }, places: { address: '10.0.0.1' } };

test('what a column that somebody changed would round, cut or refuse fails the load, and says where', async () => {
  let rows: { readonly prices: object; readonly places: object } = exact;
  const { url } = await useServer(({ path }) => (path === '/prices' ? [rows.prices] : [exact.places, rows.places]));
  const project = await projectOn(postgres, await newPlace(postgres), { url, resources });
  const alter = (table: string, change: string) =>
    postgres.sql?.(project.place, `alter table ${table} alter ${change}`);
  expect(await project.run()).toMatchObject({ code: 0 });
  await alter('prices', 'price type numeric(6,2)');
  await alter('prices', 'at type timestamp(0) with time zone');
  await alter('places', 'address type inet using address::inet');
  expect(await project.run()).toMatchObject({ code: 0 });

  for (const [table, row, said] of [
    [
      'prices',
      { id: 2, price: 1.2345 },
      'Column `price` of table `prices` is numeric(6,2) in the destination, and does not hold 1 value as it is: 1.2345 (id = 2).',
    ],
    [
      'prices',
      { id: 2, at: '2026-01-01T10:00:00.5Z' },
      'Column `at` of table `prices` is timestamp(0) with time zone in the destination, and does not hold 1 value as it is: 2026-01-01 10:00:00.5+00 (id = 2).',
    ],
    ['places', { address: 'nowhere' }, '(column `address`, table `places`, row 2 of those that were sent: "nowhere")'],
  ] as const) {
    rows = { ...exact, [table]: { ...exact[table], ...row } };
    const { code, stderr } = await project.run();
    expect(code).toBe(7);
    expect(stderr).toContain(said);
  }
  expect((await postgres.read(project.place)).prices).toHaveLength(2);
});
