import { expect, test } from 'vitest';
import { problems, withResources } from './loading.ts';

test.each<[string, string]>([
  ['{ action: ignore }', 'expected a condition: `status_code`, `content`, `json_path` or several of them'],
  ['{ status_code: "404", action: ignore }', '[0].status_code  expected a status such as `404`, or `4xx`'],
  ['{ status_code: 4x, action: ignore }', '[0].status_code  expected a status such as `404`, or `4xx`'],
  ['{ status_code: [404, 6xx], action: ignore }', '[0].status_code[1]  expected a status such as `404`, or `4xx`'],
  ['{ status_code: 404, action: skip }', '`ignore`, `retry`, `fail`, `stop`'],
  ['{ status_code: 404, equals: 5, action: ignore }', '[0].equals  needs a `json_path` beside it'],
  ['{ status_code: 404, action: ignore, message: gone }', '[0].message  goes with `action: fail`'],
  ['{ status_code: 404, action: fail, wait: 3s }', '[0].wait  goes with `action: retry`'],
  ['{ status_code: 404, action: fail, as: denied }', 'expected one of `refused`, `unavailable`, `budget`'],
  ['{ status_code: 404, action: retry, attempts: 0 }', '[0].attempts  expected a number above 0'],
  ['{ json_path: "a[", action: ignore }', '[0].json_path'],
  ['{ json_path: "", action: ignore }', '[0].json_path  expected a JSONPath, such as `error.code`'],
  ['{ json_pth: a, action: ignore }', 'unknown key, did you mean `json_path`?'],
])('of the rule %s, validate says %s', async (rule, message) => {
  const yaml = withResources(`- { name: a, endpoint: { response_actions: [${rule}] } }`);
  const found = await problems(yaml);
  expect(found.find((line) => line.includes(message))).toMatch(/^pipeline\.config\.yaml:6:\d+ {2}/);
});
