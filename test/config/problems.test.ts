import { describe, expect, test } from 'vitest';
import { readYaml } from '../../src/config/file/yaml-file.ts';
import { failure, load, problems, withResources } from './loading.ts';

const at = 'pipeline.config.yaml:';

describe('all problems in one go', () => {
  test('each with line, column, path and what was expected', async () => {
    const yaml = `pipeline:
  name: My-Shop
  datset_name: x
  publish: { mode: swop, wait: soon }
source:
  name: shop_api
  client: { base_url: api.example.com }
  resources:
    - name: orders
      endpoint: { path: "orders/{id}", method: get }
    - name: orders
`;
    const error = await failure(load(yaml));
    expect(error).toMatchObject({ code: 'ConfigInvalid', exitCode: 2 });
    expect(error.message.split('\n')).toEqual([
      'The configuration pipeline.config.yaml has 7 problems:',
      `  ${at}2:3  pipeline.name  expected lower-case letters, digits and \`_\`, a letter first`,
      `  ${at}3:3  pipeline.datset_name  unknown key, did you mean \`dataset_name\`?`,
      `  ${at}4:14  pipeline.publish.mode  expected one of \`swap\`, \`in_place\`, got \`swop\`, did you mean \`swap\`?`,
      `  ${at}4:26  pipeline.publish.wait  expected a duration: seconds, or \`500ms\`, \`30s\`, \`5m\`, \`2h\``,
      `  ${at}7:13  source.client.base_url  expected a URL such as \`https://api.example.com/\``,
      `  ${at}10:40  source.resources.orders.endpoint.method  expected one of \`GET\`, \`POST\`, got \`get\`, did you mean \`GET\`?`,
      `  ${at}11:7  source.resources.orders.name  a resource \`orders\` is already there`,
    ]);
  });

  test('a problem in one resource does not hide what is wrong between others', async () => {
    const found = await problems(
      withResources('- { name: a, tabel_name: x }', '- { name: b, write_disposition: merge }', '- { name: B }'),
    );
    expect(found).toEqual([
      expect.stringContaining('source.resources.a.tabel_name  unknown key, did you mean `table_name`?'),
      expect.stringContaining('source.resources.b.write_disposition  `merge` needs a `primary_key` or a `merge_key`'),
      expect.stringContaining('source.resources.B.name  the table would be `b`'),
    ]);
  });

  test('the wrong type of a parameter does not hide what else is wrong with its resource', async () => {
    const found = await problems(
      withResources(
        '- { name: a, write_disposition: mergee, endpoint: { path: x, params: { id: { type: valuess, from: 1 } }, fallbacks: [{ pth: y }] } }',
      ),
    );
    expect(found).toEqual([
      expect.stringContaining('source.resources.a.write_disposition  expected one of'),
      expect.stringContaining('source.resources.a.endpoint.params.id.type  expected'),
      expect.stringContaining('source.resources.a.endpoint.fallbacks[0].pth  unknown key, did you mean `path`?'),
    ]);
  });

  test.each([
    ['int', 'bigint'],
    ['String', 'text'],
    ['number', 'double'],
    ['boolean', 'bool'],
    ['datetime', 'timestamp'],
    ['object', 'json'],
  ])('the data type %s is called %s here', async (given, meant) => {
    const found = await problems(withResources(`- { name: a, columns: { c: { data_type: ${given} } } }`));
    expect(found).toEqual([expect.stringContaining(`got \`${given}\`, did you mean \`${meant}\`?`)]);
  });

  test('what is missing is reported where it should be', async () => {
    expect(await problems('pipeline: {}\nsource:\n  client: {}\n')).toEqual([
      `${at}1:1  pipeline.name  is required: expected text`,
      `${at}2:1  source.name  is required: expected text`,
      `${at}2:1  source.resources  is required: expected a list`,
      `${at}3:3  source.client.base_url  is required: expected text`,
    ]);
  });
});

describe('YAML', () => {
  test('that cannot be parsed is reported by its place alone', async () => {
    expect(await problems('pipeline:\n\tname: a\n')).toEqual([`${at}2:1  Tabs are not allowed as indentation`]);
    expect(await problems('pipeline: { name: a\nsource: x\n')).toEqual([expect.stringMatching(/:2:1 {2}/)]);
  });

  test('that cannot be parsed is not repeated: it may hold a secret', async () => {
    const found = await problems('source: { auth: { token: "hunter2" hunter3 }\n]hunter4\n');
    expect(found.length).toBeGreaterThan(0);
    expect(found.join()).not.toContain('hunter');
  });

  test('keys that are there twice name both lines', async () => {
    expect(await problems(withResources('- name: a', '  selected: true', '  selected: false'))).toEqual([
      `${at}8:7  source.resources.a.selected  the key \`selected\` is there twice, first in line 7`,
    ]);
  });

  test.each([
    ['an unknown tag', '- !env orders', 'Unresolved tag: !env'],
    ['an alias without an anchor', '- *orders', 'there is no anchor `&orders` before this alias'],
    ['an alias that holds itself', '- &a [*a]', 'nested too deep, or an alias that holds itself'],
    [
      'a number of 20 digits',
      '- { name: a, endpoint: { params: { n: 12345678901234567890 } } }',
      'cannot be kept exactly',
    ],
    ['a number beyond all numbers', '- { name: a, endpoint: { json: { n: 1e400 } } }', 'cannot be kept exactly'],
    ['a mapping as key', '- { { a: 1 }: 2 }', 'expected text as key'],
  ])('%s is a problem', async (_, line, message) => {
    expect(await problems(withResources(line))).toContainEqual(expect.stringContaining(message));
  });

  test('a second document is a problem', async () => {
    expect(await problems(`${withResources('- a')}---\nb: 1\n`)).toEqual([
      `${at}7:1  expected one document: \`---\` starts a second`,
    ]);
  });

  test('aliases that multiply one another end quickly', async () => {
    const levels = Array.from({ length: 12 }, (_, level) => {
      const item = level === 0 ? 'x' : `*l${level - 1}`;
      return `l${level}: &l${level} [${Array.from({ length: 10 }, () => item).join(', ')}]`;
    });
    expect(await problems(levels.join('\n'))).toContainEqual(
      expect.stringContaining('aliases that multiply into too many values'),
    );
  });

  test('ten thousand aliases are looked up in one pass', async () => {
    const found = await problems(`${withResources('- a')}x: &x 1\ny: [${'*x, '.repeat(10_000)}]\n`);
    expect(found).toEqual([
      expect.stringContaining(':7:1  x  unknown key'),
      expect.stringContaining(':8:1  y  unknown'),
    ]);
  });

  test('a list may be longer than what aliases may add', () => {
    expect(readYaml('-\n'.repeat(100_001)).problems).toEqual([]);
  });

  test.each([
    ['100,000 levels', '['.repeat(100_000), 'nested too deep'],
    ['101 levels', `a: ${'['.repeat(101)}${']'.repeat(101)}`, 'nested too deep, or an alias that holds itself'],
    [
      'a million and more commas',
      `a: [${','.repeat(1_000_001)}`,
      'too large: more than 1,000,000 keys, values and signs',
    ],
  ])('%s are a problem', async (_, yaml, message) => {
    expect(await problems(yaml)).toEqual([expect.stringMatching(new RegExp(`${message}$`))]);
  });

  test('an alias stands for the last anchor of its name before it', async () => {
    const yaml = withResources('- &r { name: &n a }', '- { name: *n, columns: &n [] }', '- { name: b, columns: *n }');
    expect(await problems(yaml)).toEqual([expect.stringContaining(':7:')]); // the name `a` is there twice; `columns: []` is fine
  });

  test('of a thousand problems the first hundred are told', async () => {
    const error = await failure(load(Array.from({ length: 1000 }, (_, index) => `k${index}: 1`).join('\n')));
    expect(error.message).toMatch(
      /^The configuration pipeline.config.yaml has 100\d problems, of which these are the first 100:\n/,
    );
    expect(error.message.split('\n')).toHaveLength(101);
  });

  test('a key called __proto__ or constructor is an unknown key like any other', async () => {
    expect(await problems(withResources('- { name: a, __proto__: { x: 1 }, constructor: 1 }'))).toEqual([
      expect.stringContaining('source.resources.a.__proto__  unknown key'),
      expect.stringContaining('source.resources.a.constructor  unknown key'),
    ]);
  });
});

describe('a union', () => {
  test.each([
    [
      'a mistyped name',
      '{ name: a, write_disposition: mrege }',
      'write_disposition  expected one of `append`, `replace`, `merge`, `skip`, got `mrege`, did you mean `merge`?',
    ],
    [
      'a mistyped strategy',
      '{ name: a, write_disposition: { disposition: merge, strategy: upsrt } }',
      'write_disposition.strategy  expected one of `delete-insert`, `upsert`, `insert-only`, `scd2`, got `upsrt`, did you mean `upsert`?',
    ],
    [
      'a key of another strategy',
      '{ name: a, write_disposition: { disposition: merge, strategy: scd2, deduplicated: true } }',
      'write_disposition.deduplicated  unknown key: it goes with `disposition: merge` without `strategy: scd2`',
    ],
    [
      'a strategy without merge',
      '{ name: a, write_disposition: { disposition: append, strategy: upsert } }',
      'write_disposition.strategy  unknown key: it goes with `disposition: merge`',
    ],
    [
      'a mistyped paginator',
      '{ name: a, endpoint: { paginator: page_numbr } }',
      '`auto`, got `page_numbr`, did you mean `page_number`?',
    ],
    [
      'a mistyped type of paginator',
      '{ name: a, endpoint: { paginator: { type: ofset, limit: 1 } } }',
      'paginator.type  expected one of `single_page`',
    ],
    [
      'a paginator that needs an option',
      '{ name: a, endpoint: { paginator: offset } }',
      'paginator  needs a `limit`: write `{ type: offset, limit: 100 }`',
    ],
    [
      'an option of the wrong kind',
      '{ name: a, endpoint: { paginator: { type: offset, limit: many } } }',
      'paginator.limit  expected a number, got text',
    ],
    [
      'another kind of authentication',
      '{ name: a, endpoint: { auth: { type: oauth } } }',
      'auth.type  expected one of `api_key`, `bearer`, `http_basic`, `oauth2_client_credentials`, `oauth2_refresh_token`, got `oauth`',
    ],
    [
      'authentication without a type',
      '{ name: a, endpoint: { auth: { name: X-Key, api_key: { secret: k } } } }',
      'auth.type  is required: expected one of `api_key`, `bearer`, `http_basic`, `oauth2_client_credentials`',
    ],
    [
      'a short form with a key of another kind',
      '{ name: a, endpoint: { auth: { token: { secret: t }, name: X } } }',
      'auth.name  unknown key: it belongs to another `type`',
    ],
    ['a time that no timer can wait for', '{ name: a, endpoint: { timeout: 30d } }', 'timeout  expected at most 24d'],
    ['no time at all', '{ name: a, endpoint: { timeout: 0 } }', 'timeout  expected a duration above 0'],
    [
      'a duration without end',
      `{ name: a, endpoint: { timeout: "${'9'.repeat(400)}s" } }`,
      'timeout  expected a duration: seconds',
    ],
    [
      'no status',
      '{ name: a, endpoint: { response_actions: [{ status_code: [404, 4100], action: ignore }] } }',
      'response_actions[0].status_code[1]  expected at most 599',
    ],
    [
      'a list where a mapping belongs',
      '{ name: a, schema_contract: [evolve] }',
      'schema_contract  expected one of `evolve`, `freeze`, `discard_row`, `discard_value` or a mapping, got a list',
    ],
    [
      'a list where text belongs',
      '{ name: a, endpoint: { path: "{id}", params: { id: { type: values, from: [{ env: [] }] } } } }',
      'params.id.from[0].env  expected text, got a list',
    ],
    ['empty text', '{ name: a, endpoint: { method: "" } }', 'expected one of `GET`, `POST`, got empty text'],
    ['a number as resource', '5', 'resources[0]  expected text or a mapping, got a whole number'],
    [
      'a mode of a contract',
      '{ name: a, schema_contract: { tables: frozen } }',
      'schema_contract.tables  expected one of `evolve`, `freeze`, `discard_row`, `discard_value`, got `frozen`',
    ],
    [
      'a source of values',
      '{ name: a, endpoint: { path: "{id}", params: { id: { type: values, from: [{ qery: x }] } } } }',
      'params.id.from[0].qery  unknown key, did you mean `query`?',
    ],
  ])('%s gives one sentence about what was meant', async (_, resource, message) => {
    const found = await problems(withResources(`- ${resource}`));
    expect(found).toContainEqual(expect.stringContaining(message));
    expect(found.join('\n')).not.toMatch(/Invalid input|undefined/);
  });
});

describe('keys', () => {
  test('that belong elsewhere say where', async () => {
    const found = await problems(withResources('- { name: a, data_selector: x, endpoint: { primary_key: id } }'));
    expect(found).toEqual([
      expect.stringContaining('a.data_selector  unknown key, did you mean `endpoint.data_selector`?'),
      expect.stringContaining('a.endpoint.primary_key  unknown key: it belongs one level up'),
    ]);
  });

  test.each([
    ['endpoint: { incremental: { cursor_path: at, allow_external_schedulers: true } }', 'allow_external_schedulers'],
  ])('of dlt without a meaning here are no typing errors: %s', async (line, key) => {
    const [found] = await problems(withResources(`- { name: a, ${line} }`));
    expect(found).toContain(`\`${key}\` is a key of dlt that is not supported here yet`);
    expect(found).not.toContain('did you mean');
  });

  test('`name` is required for an API key', async () => {
    const yaml = withResources('- a').replace('.com/ }', '.com/, auth: { type: api_key, api_key: { secret: k } } }');
    expect(await problems(yaml)).toEqual([expect.stringContaining('source.client.auth.name  is required')]);
  });
});

describe('values', () => {
  test('are never shown where a secret may stand', async () => {
    const yaml = withResources('- a').replace(
      '.com/ }',
      '.com/, headers: { X-Key: 7355608 }, auth: { type: bearer, token: 9944110 } }',
    );
    const text = (await problems(yaml)).join('\n');
    expect(text).toContain('source.client.auth.token  expected a mapping or text, got a whole number');
    expect(text).not.toMatch(/7355608|9944110/);
  });

  const oauth = (url: string) =>
    `{ type: oauth2_client_credentials, access_token_url: "${url}", client_id: c, client_secret: { secret: s } }`;

  test.each([
    ['base_url', '- a', (url: string) => withResources('- a').replace('https://api.example.com/', `"${url}"`)],
    ['access_token_url', '- a', (url: string) => withResources(`- { name: a, endpoint: { auth: ${oauth(url)} } }`)],
    ['path', '- a', (url: string) => withResources(`- { name: a, endpoint: { path: "${url}" } }`)],
    ['endpoint', '- a', (url: string) => withResources(`- { name: a, endpoint: "${url}" }`)],
    ['path', '- a', (url: string) => withResources(`- { name: a, endpoint: { fallbacks: [{ path: "${url}" }] } }`)],
  ])('a URL must not hold a password: %s', async (key, _, yaml) => {
    for (const url of [
      'https://me:hunter2@x/',
      'HTTPS:\\\\me:hunter2@x/',
      'http:me:hunter2@x',
      ' https:/\\t/hunter2@x',
    ]) {
      const found = await problems(yaml(url));
      expect(found).toEqual([
        expect.stringMatching(new RegExp(`${key}  expected a .*URL.* without user name and password`)),
      ]);
      expect(found.join()).not.toContain('hunter2');
    }
  });

  test('a path may hold an `@`', async () => {
    const config = await load(withResources('- { name: a, endpoint: "users/me@example.com?of=https://x@y" }'));
    expect(config.source.resources[0]?.endpoint?.path).toBe('users/me@example.com?of=https://x@y');
  });

  test('a number where text belongs says to quote it', async () => {
    expect(await problems(withResources('- { name: 2024 }'))).toEqual([
      `${at}6:9  source.resources[0].name  expected text, got a whole number (write it in quotes)`,
    ]);
  });

  test('a list of column hints needs names, each once', async () => {
    expect(
      await problems(withResources('- { name: a, columns: [{ data_type: text }, { name: b }, { name: b }] }')),
    ).toEqual([
      expect.stringContaining('columns[0].name  is required in a list: expected text'),
      expect.stringContaining('columns.b.name  the column `b` is there twice'),
    ]);
  });
});
