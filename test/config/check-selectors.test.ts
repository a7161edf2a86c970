import { describe, expect, test } from 'vitest';
import { load, problems, withResources } from './loading.ts';

const wrong = "'a[?c>1]'";
const says = '`a[?c>1]` is not a JSONPath of RFC 9535: ';

describe('a JSONPath that is none is a problem of the configuration', () => {
  test.each([
    ['data_selector', `{ data_selector: ${wrong} }`],
    ['paginator.next_url_path', `{ paginator: { type: json_link, next_url_path: ${wrong} } }`],
    ['paginator.cursor_path', `{ paginator: { type: cursor, cursor_path: ${wrong} } }`],
    ['paginator.total_path', `{ paginator: { type: page_number, total_path: ${wrong} } }`],
    ['paginator.has_more_path', `{ paginator: { type: cursor, has_more_path: ${wrong} } }`],
    ['fallbacks[0].data_selector', `{ fallbacks: [{ path: b, data_selector: ${wrong} }] }`],
  ])('as %s of an endpoint', async (place, endpoint) => {
    const found = await problems(withResources(`- { name: a, endpoint: ${endpoint} }`));
    expect(found).toEqual([expect.stringContaining(`source.resources.a.endpoint.${place}  ${says}`)]);
    expect(found[0]).toMatch(/^\S+:\d+:\d+ .*; write `\$\.a\[\?@\.c>1\]`$/);
  });

  test('beside other problems', async () => {
    const found = await problems(withResources(`- { name: a, colour: red, endpoint: { data_selector: 'a b' } }`));
    expect(found).toHaveLength(2);
  });
});

test.each([
  ['cursor, cursor_path: ""', 'expected a JSONPath, such as `meta.next`'],
  ['json_link, next_url_path: ""', 'expected a JSONPath, such as `meta.next`'],
  ['page_number, total_path: ""', 'expected a JSONPath; write `null` for none'],
  ['cursor, has_more_path: ""', 'expected a JSONPath; write `null` for none'],
  ["json_link, next_url_path: '@odata.nextLink'", "; write `$['@odata.nextLink']`"],
  [`json_link, next_url_path: '"@odata.nextLink"'`, "; write `$['@odata.nextLink']`"],
  ["page_number, total_path: 'meta.@odata.count'", "; write `$.meta['@odata.count']`"],
])('a paginator of %s is told what to write', async (paginator, advice) => {
  const found = await problems(withResources(`- { name: a, endpoint: { paginator: { type: ${paginator} } } }`));
  expect(found).toEqual([expect.stringMatching(/^pipeline\.config\.yaml:6:\d+ .*_path {2}/)]);
  expect(found[0]).toContain(advice);
});

test('a paginator takes null where it may look for nothing', async () => {
  const paginator = '{ type: page_number, total_path: null, has_more_path: null }';
  const { source } = await load(withResources(`- { name: a, endpoint: { paginator: ${paginator} } }`));
  expect(source.resources[0]?.endpoint?.paginator).toMatchObject({ total_path: null, has_more_path: undefined });
});

test.each(['$', 'data.items', "$['x.y'][*]", ''])('%j is no problem', async (selector) => {
  const endpoint = `{ path: a, data_selector: ${JSON.stringify(selector)} }`;
  const { source } = await load(withResources(`- { name: a, endpoint: ${endpoint} }`));
  expect(source.resources[0]?.endpoint?.data_selector).toBe(selector);
});
