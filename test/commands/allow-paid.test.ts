import { describe, expect, it, test } from 'vitest';
import { requireAllowed } from '../../src/commands/require-allowed.ts';
import { load, problems, withResources } from '../config/loading.ts';
import { smallProject } from '../support/project.ts';
import { query } from '../support/published.ts';
import { useServer } from '../support/server.ts';

const yaml = withResources(
  '- models',
  '- { name: order, endpoint: { method: POST, paid: true } }',
  '- { name: info, endpoint: { fallbacks: [{ path: dear, paid: true }] } }',
);

describe('what costs money', () => {
  it.each([
    [['order'], false, {}, true],
    [['order'], true, {}, false],
    [['order'], true, { quiet: true }, true],
    [['order'], false, { quiet: true, allowPaid: true }, false],
    [['models', 'info'], false, {}, true],
    [['models'], false, { quiet: true }, false],
    [[], false, {}, false],
  ])('named %j, on a terminal: %j, with %j, is refused: %j', async (names, isTerminal, options, isRefused) => {
    const config = await load(yaml);
    const terminal = { stderr: { isTerminal, columns: 0, write: () => {} } };
    const act = () => requireAllowed(config, names, terminal, options);
    if (!isRefused) return expect(act()).toBeUndefined();
    expect(act).toThrow(expect.objectContaining({ code: 'PaymentNotAllowed', exitCode: 2 }));
    expect(act).toThrow(expect.objectContaining({ hint: expect.stringContaining(`${names.join(' ')} --allow-paid`) }));
  });

  it('is not selected by default, and cannot be', async () => {
    const { source } = await load(yaml);
    expect(source.resources.map(({ selected }) => selected)).toEqual([true, false, false]);
    expect(await problems(yaml.replace('name: order,', 'name: order, selected: true,'))).toEqual([
      expect.stringContaining('order.selected  what is `paid` is only loaded when it is named, `dezgo-elt run order`'),
    ]);
  });

  it('cannot be idempotent', async () => {
    expect(await problems(yaml.replace('paid: true }', 'paid: true, idempotent: true }'))).toEqual([
      expect.stringContaining('order.endpoint.idempotent  what is `paid` is never sent again'),
    ]);
  });
});

test('a search by POST is read like a list, an order only where it may be, and both are told apart', async () => {
  let failed = false;
  const { url, asked } = await useServer(({ path, query: asking }, response) => {
    if (path === '/order') return { id: 1 };
    if (asking.get('q') === 'b' && !failed) {
      failed = true;
      return void response.writeHead(502).end();
    }
    return { data: [{ q: asking.get('q') }] };
  });
  const project = await smallProject(url, {
    resources: [
      {
        name: 'search',
        write_disposition: 'replace',
        endpoint: {
          method: 'POST',
          idempotent: true,
          json: { limit: 5 },
          params: { q: '{term}', term: { type: 'values', from: [{ list: ['a', 'b', 'c'] }] } },
          data_selector: 'data',
        },
      },
      { name: 'order', endpoint: { method: 'POST', paid: true, json: {}, data_selector: '$' } },
    ],
  });
  expect(await project.run(['validate'])).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/Only when named \(`dezgo-elt run RESOURCE`\):\n.*order +append +POST .*order, paid/),
  });
  expect(await project.run()).toMatchObject({ code: 0 });
  expect(await query(project.file, 'select q from search order by q')).toEqual([{ q: 'a' }, { q: 'b' }, { q: 'c' }]);
  expect(asked.filter(({ path }) => path === '/search')).toHaveLength(4);
  const refused = await project.run(['run', 'order']);
  expect(refused).toMatchObject({ code: 2, stdout: '' });
  expect(refused.stderr).toContain('Replies to `order` cost money (`paid: true`), and nobody watches');
  expect(asked.filter(({ path }) => path === '/order')).toHaveLength(0);
  expect(await project.run(['run', 'order', '--allow-paid'])).toMatchObject({
    code: 0,
    stdout: expect.stringContaining(
      'order: 1 paid request; nobody said what it cost (neither `client.cost_header` nor `endpoint.cost`)',
    ),
  });
  expect(asked.filter(({ path }) => path === '/order')).toHaveLength(1);
});
