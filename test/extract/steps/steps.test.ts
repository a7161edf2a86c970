import { createHash } from 'node:crypto';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { ProcessingStep } from '../../../src/config/grammar/steps-schema.ts';
import { Expressions } from '../../../src/duckdb/expressions.ts';
import { TookTooLong } from '../../../src/duckdb/interrupt.ts';
import { Steps } from '../../../src/extract/steps/steps.ts';
import { parseExactJson } from '../../../src/json/exact-json.ts';
import { ExactNumber } from '../../../src/json/exact-number.ts';
import { resource } from '../collect.ts';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

async function stepsOf(...processing_steps: ProcessingStep[]): Promise<Steps> {
  const steps = await Steps.open({ ...resource({}, 'posts'), processing_steps }, undefined);
  onTestFinished(() => steps.close());
  return steps;
}

async function apply(records: readonly unknown[], ...steps: ProcessingStep[]) {
  return (await stepsOf(...steps)).apply(records, {});
}

describe('filter', () => {
  const author = { name: 'Ann', tags: ['a', 'b'] };
  const records = [
    { id: 1, price: 2, title: 'x', open: true, author, made: '2026-01-02T00:00:00Z', ID_2: 5 },
    { id: 2, price: 0.5, title: null, open: false, author: null, made: '2025-01-02T00:00:00Z' },
    { id: 3, title: 'y', open: true, author: { name: 'Bo', tags: [] } },
  ];
  test.each<[string, number[]]>([
    ['price > 1', [1]],
    ['price < 1 or price is null', [2, 3]],
    ["title = 'x'", [1]],
    ['open', [1, 3]],
    ["author->>'name' = 'Bo'", [3]],
    ["id > 0 and author->>'name' = 'Ann' or id < 0 and author -> 'tags' ->> 0 = 'x'", [1]],
    ["not author->>'name' = 'Ann' and open and \"author\"->>'name' is not null", [3]],
    ["id in (1, 2) and (author::json)->'tags'->>1 = 'b' -- and author->>'x' = 'y'", [1]],
    ["coalesce(author, '{\"name\": \"?\"}'::json)->>'name' = '?' and title is null", [2]],
    ['open and len(list_filter([1, 2], n -> n > id)) = 1', [1]],
    ["json_array_length(author->'tags') > 0", [1]],
    ["made::timestamptz >= timestamptz '2026-01-01'", [1]],
    ['nowhere is null', [1, 2, 3]],
    ["nowhere = 'a' or nowhere + 1 > 2 or nowhere->>'a' = 'b'", []],
    ['id in (select unnest([1, 3]))', [1, 3]],
    ['list_contains(list_transform([1, 2], lambda n: n + 1), id)', [2, 3]],
    ["({'id': id, 'made': made}).id = 2", [2]],
    ['struct_pack(id := id, more := {x: price}).id = 1', [1]],
    ['list_contains(list_transform([0, 1], lambda id: id + 1), id)', [1, 2]],
    ['(select x from (select id + 1 as x)) = 4', [3]],
    ['PRICE > 1', [1]],
    ['id_2 = 5 -- of a key in other letters', [1]],
    ["date_trunc('year', nothing) is null", [1, 2, 3]],
  ])('%s', async (filter, ids) => {
    const isDated = filter.includes('nothing');
    const all = isDated ? records.map((record) => ({ ...record, nothing: null })) : records;
    const cast = isDated ? filter.replace('nothing', 'nothing::date') : filter;
    const kept = await apply(all, { filter: cast });
    expect(kept).toEqual(all.filter(({ id }) => ids.includes(id)));
  });

  test('does not mistake keys for each other that are one in SQL', async () => {
    const page = [{ Name: 'a', name: 'b' }];
    expect(await apply(page, { filter: "name = 'b'" })).toEqual(page);
    await expect(apply(page, { filter: 'Name || name is null' })).rejects.toMatchObject({
      message: expect.stringContaining('`Name` and `name` are one column in SQL'),
    });
  });

  test('tells of the parts of an expression none for a key', async () => {
    const steps = await stepsOf({ filter: "len(list_filter([1], x -> x > id)) = 0 or {'y': id}.y = 0" });
    await steps.apply(records, {});
    expect(steps.notes.join()).not.toContain('no record had');
  });

  test('sees every digit of a number, and gives it back as it was', async () => {
    const text = '[{"n": 12345678901234567890, "d": 0.12345678901234567891}, {"n": 1, "d": 2}]';
    const parsed = parseExactJson(text, true);
    const list = Array.isArray(parsed) ? parsed : [];
    expect(await apply(list, { filter: 'n = 12345678901234567890 and d < 0.12345678901234567892' })).toEqual([list[0]]);
    expect(await apply(list, { filter: 'd > 0.12345678901234567891' })).toEqual([list[1]]);
  });

  test('takes a type that a key had before where a page has none', async () => {
    const steps = await stepsOf({ set: { x: { sql: 'typeof(a)' } } });
    expect(await steps.apply([{ a: '1' }], {})).toEqual([{ a: '1', x: 'VARCHAR' }]);
    expect(await steps.apply([{ a: null }], {})).toEqual([{ a: null, x: 'VARCHAR' }]);
  });

  test('that does not fit the type of a key says how it would', async () => {
    await expect(apply([{ made: '2026' }], { filter: "date_trunc('day', made) is null" })).rejects.toMatchObject({
      code: 'ConfigInvalid',
      message: expect.stringContaining(
        "`filter: date_trunc('day', made) is null` in `processing_steps` of `posts` failed: Binder Error: ",
      ),
      hint: expect.stringContaining('created_at::timestamp'),
    });
  });

  test('of a value that it cannot take is an error that says what to do', async () => {
    await expect(apply([{ id: 'x1' }], { filter: 'id::int > 5' })).rejects.toMatchObject({
      code: 'ReplyUnusable',
      exitCode: 5,
      hint: expect.stringContaining('try_cast'),
    });
  });
});

describe('set', () => {
  const of = async (sql: string, record: object) => {
    const [item] = await apply([record], { set: { v: { sql } } });
    return item instanceof Object ? Reflect.get(item, 'v') : undefined;
  };
  test.each<[string, object, unknown]>([
    ['price * 2', { price: 2 }, 4],
    ['price * 2', { price: 0.25 }, 0.5],
    ['price * 1.1', { price: 3 }, 3.3],
    ['id + 1', { id: 9007199254740991 }, 9007199254740992n],
    ["author->'name'", { author: { name: 'Ann' } }, 'Ann'],
    ['author', { author: { n: [1, { a: null }] } }, { n: [1, { a: null }] }],
    ['[a, a + 1]', { a: 1 }, [1, 2]],
    ["{x: a, y: [date '2026-01-01']}", { a: 1 }, { x: 1, y: ['2026-01-01'] }],
    ['a > 1', { a: 1 }, false],
    ['upper(a)', { a: 'ä' }, 'Ä'],
    ['nowhere', { a: 1 }, null],
    ['made::timestamptz', { made: '2026-01-01T02:00:00.25+02:00' }, '2026-01-01T00:00:00.250000Z'],
    ['made::timestamp', { made: '1969-12-31 23:59:59' }, '1969-12-31T23:59:59'],
    ['made::date', { made: '2026-01-01' }, '2026-01-01'],
    ["'it''s'", {}, "it's"],
    ['a::decimal(30,20)', { a: 1 }, 1],
  ])('%s of %j', async (sql, record, value) => {
    expect(await of(sql, record)).toEqual(value);
  });

  test('keeps digits that a double would lose', async () => {
    expect(await of('a', { a: new ExactNumber('0.12345678901234567891') })).toEqual(
      new ExactNumber('0.12345678901234567891'),
    );
  });

  test('gives constants, placeholders, and what SQL makes of the record as it was', async () => {
    const steps = await stepsOf({
      set: { a: { sql: 'b' }, b: 'x', c: '{region}', d: '{region}-{id}', e: [1, null], f: null },
    });
    const made = await steps.apply([{ b: 1, a: 0 }, { b: 2 }], { region: 7, id: 'z' });
    const rest = { b: 'x', c: 7, d: '7-z', e: [1, null], f: null };
    expect(made).toEqual([
      { a: 1, ...rest },
      { a: 2, ...rest },
    ]);
  });

  test('has one value for each of many records, in their order', async () => {
    const records = Array.from({ length: 5000 }, (_, id) => ({ id }));
    const made = await apply(records, { filter: 'id % 2 = 0' }, { set: { double: { sql: 'id * 2' } } });
    expect(made).toEqual(records.filter(({ id }) => id % 2 === 0).map(({ id }) => ({ id, double: id * 2 })));
  });
});

describe('steps on keys', () => {
  const record = { id: 1, a: { b: { c: 2, id: 9 }, d: 3 }, tags: ['x', { y: 1 }], email: 'a@b.c', n: null };
  test.each<[string, ProcessingStep[], unknown[]]>([
    ['include keeps some', [{ include: ['id', 'n', 'nowhere'] }], [{ id: 1, n: null }]],
    ['exclude takes some away', [{ exclude: ['a', 'tags', 'email'] }], [{ id: 1, n: null }]],
    [
      'rename gives names, also those of each other',
      [{ include: ['id', 'n'] }, { rename: { id: 'n', n: 'id' } }],
      [{ n: 1, id: null }],
    ],
    [
      'flatten takes an object apart, and leaves what the record has already',
      [{ include: ['id', 'a'] }, { flatten: 'a.b' }],
      [{ id: 1, a: { b: { id: 9 }, d: 3 }, c: 2 }],
    ],
    [
      'flatten leaves no empty object',
      [{ include: ['a'] }, { flatten: 'a.b' }, { flatten: 'a' }],
      [{ d: 3, c: 2, id: 9 }],
    ],
    [
      'explode makes a record of each element',
      [{ include: ['id', 'tags'] }, { explode: 'tags' }],
      [
        { id: 1, tags: 'x' },
        { id: 1, tags: { y: 1 } },
      ],
    ],
    ['explode leaves what is no list', [{ include: ['id'] }, { explode: 'id' }], [{ id: 1 }]],
    ['explode of null is nothing', [{ include: ['n'] }, { explode: 'n' }], []],
    [
      'mask hides',
      [{ include: ['email', 'n', 'id'] }, { mask: { email: 'sha256', n: 'sha256', id: 'redact' } }],
      [{ id: '***', email: sha256('a@b.c'), n: null }],
    ],
  ])('%s', async (_, steps, expected) => {
    expect(await apply([record], ...steps)).toEqual(expected);
  });

  test('run in their order', async () => {
    const steps: ProcessingStep[] = [
      { explode: 'tags' },
      { filter: "tags->>'$' = 'x'" },
      { set: { tag: { sql: 'upper(tags)' } } },
      { include: ['tag'] },
    ];
    expect(await apply([record, { tags: ['x'] }, { tags: 'x' }], ...steps)).toEqual([
      { tag: 'X' },
      { tag: 'X' },
      { tag: 'X' },
    ]);
  });

  test('take a record that is no object for what stands under `value`', async () => {
    expect(await apply(['a', 'b'], { filter: "value = 'b'" })).toEqual([{ value: 'b' }]);
  });

  test('keep a key called __proto__ a key', async () => {
    const [made] = await apply([JSON.parse('{"__proto__": {"x": 1}, "b": 2}')], { rename: { b: 'c' } });
    expect(JSON.stringify(made)).toBe('{"__proto__":{"x":1},"c":2}');
  });

  test('rename to a name that is taken is an error', async () => {
    await expect(apply([{ a: 1, b: 2 }], { rename: { a: 'b' } })).rejects.toMatchObject({
      code: 'ReplyUnusable',
      message: expect.stringContaining('`a` cannot be called `b`, for a record has that already'),
    });
  });

  test('tell of no key that `coalesce` does without, as long as it has one of them', async () => {
    const sql = 'coalesce(id, sha256)';
    const one = await stepsOf({ set: { id: { sql } } });
    await one.apply([{ id: 'a' }], {});
    await one.apply([{ id: 'b' }], {});
    expect(one.notes).toEqual([]);
    const none = await stepsOf({ set: { id: { sql } } });
    await none.apply([{ name: 'a' }], {});
    expect(none.notes).toEqual([
      'no record had `id`, which `set: id: coalesce(id, sha256)` of `processing_steps` names',
      'no record had `sha256`, which `set: id: coalesce(id, sha256)` of `processing_steps` names',
    ]);
    const beside = await stepsOf({ filter: 'coalesce(id, sha256) is not null and sttaus is null' });
    await beside.apply([{ id: 'a' }], {});
    expect(beside.notes.join()).toContain('no record had `sttaus`');
    expect(beside.notes.join()).not.toContain('no record had `sha256`');
  });

  test('tell what they left out, and what no record had in all pages', async () => {
    const steps = await stepsOf(
      { filter: 'ok and oj' },
      { flatten: 'a' },
      { explode: 'list' },
      { mask: { emial: 'redact', later: 'redact' } },
      { exclude: ['gone'] },
    );
    await steps.apply([{ ok: true, oj: null }], {});
    await steps.apply(
      [
        { ok: true, oj: true, id: 1, a: { id: 2 }, list: [1], later: 1 },
        { ok: true, oj: true },
      ],
      {},
    );
    expect(steps.notes).toEqual([
      '`filter: ok and oj` kept 2 of 3 records',
      '`explode: list` kept 1 of 2 records',
      '`flatten: a` left `id` where it was: a record has one already',
      'no record had `gone`, which `exclude` of `processing_steps` names',
    ]);
    expect(steps.warnings).toEqual(['no record had `emial`, which `mask` of `processing_steps` names']);
  });
});

describe('SQL of steps', () => {
  test.each([
    "(select content from read_text('/etc/hosts')) is not null",
    "(select count(*) from 'test/fixtures/info.json') > 0",
    "(select count(*) from glob('*')) > 0",
  ])('reads no file: %s', async (filter) => {
    await expect(apply([{ a: 1 }], { filter })).rejects.toThrow();
  });

  test('that runs for ever is ended, and the next one works', async () => {
    const expressions = await Expressions.open(100);
    onTestFinished(() => expressions.close());
    const rows = { count: 1, columns: [] };
    const endless = await expressions.parse(
      '(select count(*) from range(10000000000) a, range(1000) b where a.range % 7 = 1) > 0',
    );
    await expect(expressions.holding(endless, rows)).rejects.toThrow(TookTooLong);
    const stop = new AbortController();
    const held = expressions.holding(endless, rows, stop.signal);
    stop.abort(new Error('stopped'));
    await expect(held).rejects.toThrow('stopped');
    expect(await expressions.holding(await expressions.parse('true'), rows)).toEqual([0]);
  });

  test('that is stopped with the run ends as it does, and is no failure of its own', async () => {
    const stop = new AbortController();
    const filter = '(select count(*) from range(10000000000) a, range(1000) b where a.range % 7 = 1) > 0';
    const steps = await Steps.open({ ...resource({}, 'posts'), processing_steps: [{ filter }] }, stop.signal);
    onTestFinished(() => steps.close());
    const held = steps.apply([{ a: 1 }], {});
    stop.abort();
    await expect(held).rejects.toMatchObject({ code: 'Interrupted' });
  });

  test('that takes too much memory fails alone', async () => {
    await expect(
      apply([{ a: 1 }], { filter: 'len((select list(range) from range(1000000000))) > 0' }),
    ).rejects.toMatchObject({
      code: 'ConfigInvalid',
    });
  });
});
