import { expect, test } from 'vitest';
import { load, problems, withResources } from './loading.ts';

test.each<[string, string]>([
  ['{ filter: "a = " }', '[0].filter  expected a SQL expression: `a = ` cannot be read: syntax error at or near ")"'],
  ['{ filter: "a) from (select 1" }', 'is more than one expression'],
  ['{ filter: "a) where (b" }', 'is more than one expression'],
  ['{ filter: "a), (b" }', 'is more than one expression'],
  ['{ filter: "true); drop table x; select (1" }', 'is no expression'],
  ['{ filter: "true); select (1" }', 'is more than one expression'],
  ['{ filter: "a) union select (b" }', 'is more than one expression'],
  ['{ filter: "a = ?" }', 'holds a `?` or `$1`'],
  ['{ filter: "columns(*) > 1" }', 'holds a `*`'],
  ['{ filter: "uper(a) = b" }', 'Scalar Function with name uper does not exist! Did you mean "upper"?'],
  ['{ filter: "count(a) > 1" }', 'cannot contain aggregates'],
  ['{ filter: "row_number() over () > 1" }', 'cannot contain window functions'],
  [
    '{ set: { x: { sql: "unnest(a)" } } }',
    '[0].set.x.sql  expected a SQL expression: `unnest(a)` cannot be read: UNNEST',
  ],
  ['{ set: { x: { sql: "a::nope" } } }', 'Type with name nope does not exist'],
  ['{ set: { x: { sql: "(select 1 from models)" } } }', 'Table with name models does not exist'],
  ['{ set: { x: { sq: a } } }', 'unknown key, did you mean `sql`?'],
  ['{ set: { x: "{resorces.posts.id}" } }', '[0].set.x  `{resorces.posts.id}`: expected'],
  ['{ fliter: "a" }', 'unknown key, did you mean `filter`?'],
  ['{ map: f }', '`map` is a function in dlt'],
  ['{ yield_map: f }', '`yield_map` is a function in dlt'],
  ['{ filter: a, set: { b: 1 } }', '[0]  expected one of `filter`, `set`'],
  ['{}', '[0]  expected one of `filter`, `set`'],
  ['{ mask: { a: md5 } }', 'expected one of `sha256`, `redact`'],
  ['{ rename: { a: c, b: c } }', '[0].rename.b  `a` is already called `c`'],
  ['{ filter: "(select count(*) from glob(\'/*\')) > 0" }', 'cannot be read: File system'],
  ['{ filter: "a < 1e400" }', 'cannot be read: it holds a number that is too large'],
  ['{ set: { a: "{incremental.start_value}" } }', '`{incremental.start_value}` needs `incremental` in the endpoint'],
  ['{ include: [] }', '[0].include  expected a list of at least 1 item'],
])('of the step %s, validate says %s', async (step, message) => {
  const found = await problems(withResources(`- { name: a, processing_steps: [${step}] }`));
  expect(found.join('\n')).toContain(message);
  expect(found[0]).toMatch(/^pipeline\.config\.yaml:6:\d+ {2}/);
});

test('what is right is taken, whatever types its keys will have', async () => {
  const steps = [
    "{ filter: \"len(tags) > 0 and lower(name) = 'x' and price * 2 > 1 and date_trunc('day', made) is null\" }",
    '{ set: { x: { sql: "list_transform(tags, lambda t: t || name)" }, y: "{ plain }" } }',
  ];
  const { source } = await load(withResources(`- { name: a, processing_steps: [${steps.join(', ')}] }`));
  expect(source.resources[0]?.processing_steps).toHaveLength(2);
});
