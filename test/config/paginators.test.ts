import { expect, test } from 'vitest';
import { load, problems, withResources } from './loading.ts';

const inEndpoint = (paginator: string) => withResources(`- { name: a, endpoint: { paginator: ${paginator} } }`);

test.each<[string, string]>([
  ['{ type: page_number, stop_after_short_page: true }', '.stop_after_short_page  needs a `page_size` beside it'],
  ['{ type: page_number, page_size_param: n }', '.page_size_param  needs a `page_size` beside it'],
  ['{ type: page_number, page_size: 5 }', '.page_size  says nothing alone'],
  [
    '{ type: page_number, page_size: 5, page_size_param: n, page_size_body_path: m }',
    'expected either `page_size_param` or `page_size_body_path`',
  ],
  ['{ type: page_number, page_size: 5, page_size_body_path: m }', 'a GET sends no body: `page_size_body_path` needs'],
  [
    '{ type: offset, limit: 5, total_path: n, total_header: m }',
    '.total_header  expected either `total_path` or `total_header`',
  ],
  ['{ type: offset, limit: 5, total_header: "a b" }', '.total_header  expected the name of a header'],
  ['{ type: offset, limit: 5, page_size: 5 }', 'page_size'],
  ['{ type: offset, limit: 5, total_path: "" }', '.total_path  expected a JSONPath; write `null` for none'],
  [
    '{ type: offset, limit: 5, total_path: null, stop_after_empty_page: false, stop_after_short_page: false }',
    'nothing ends this list',
  ],
])('of the paginator %s, validate says %s', async (paginator, message) => {
  const found = await problems(inEndpoint(paginator));
  expect(found.join('\n')).toContain(message);
  expect(found[0]).toMatch(/^pipeline\.config\.yaml:6:\d+ {2}/);
});

test.each([
  '{ type: offset, limit: 5, total_path: null, stop_after_empty_page: false, stop_after_short_page: true }',
  '{ type: offset, limit: 5, stop_after_empty_page: false, total_header: X-Total }',
  '{ type: page_number, page_size: 5, stop_after_short_page: true }',
])('the paginator %s is taken', async (paginator) => {
  await expect(load(inEndpoint(paginator))).resolves.toBeDefined();
});
