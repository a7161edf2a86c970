import { describe, expect, test } from 'vitest';
import { load, problems, withResources } from './loading.ts';

const found = (endpoint: string) => problems(withResources(`- { name: a, endpoint: { ${endpoint} } }`));
const incremental = (keys: string) => `incremental: { cursor_path: at, ${keys} }`;
const param = (keys = '') => `{ type: incremental, cursor_path: at${keys} }`;
const sent = 'start_param: since, initial_value: 2024-01-01';

describe('incremental', () => {
  test.each([
    [incremental('initial_value: 0')],
    [incremental(`${sent}, end_param: until, end_value: 2024-02-01, step: 1d, granularity: 1d, convert: "%Y%m%d"`)],
    [incremental(`${sent}, lag: 2h, last_value_func: min, row_order: desc, range_start: open, primary_key: []`)],
    [incremental('start_param: a, initial_value: "now - 30d", step: 1d, cursor_format: unix')],
    [incremental('start_param: a, initial_value: 0, end_value: 100, step: 10')],
    [incremental('on_cursor_value_missing: exclude, range_end: closed, initial_value: null, end_value: null')],
    [`params: { since: ${param(', initial_value: 2024-01-01, lag: 3600')}, q: "from:{incremental.start_value}" }`],
    [`params: { since: "{incremental.start_value}" }, ${incremental('')}`],
    [`path: "a/{incremental.start_value}/b", ${incremental('initial_value: 1')}`],
    [`method: POST, json: { from: "{incremental.last_value}" }, ${incremental('')}`],
  ])('can be %s', async (endpoint) => {
    const { warnings } = await load(withResources(`- { name: a, endpoint: { ${endpoint} } }`));
    expect(warnings).toEqual([]);
  });

  test.each([
    [incremental('end_value: 2024-01-01'), 'incremental.end_value  `end_value` needs an `initial_value`'],
    [incremental('initial_value: 2024-02-01, end_value: 2024-01-01'), 'incremental.end_value  `2024-01-01` is beyond'],
    [incremental('initial_value: 1, end_value: a'), 'cannot be compared: "a" (text) with 1 (a number)'],
    [
      incremental('initial_value: a, cursor_format: "%d.%m.%Y"'),
      'incremental.initial_value  the cursor `at` holds "a"',
    ],
    [incremental('initial_value: now - 2 months'), 'expected a value, `now`, `now - 30d` or `today - 7d`'],
    [incremental('lag: 2 months'), 'expected a number, or a duration such as `30s`, `2h`, `7d`'],
    [incremental('lag: 2h, initial_value: 0'), 'incremental.lag  `2h` is a time, and the cursor has numbers'],
    [incremental('convert: yyyy-mm-dd'), 'incremental.convert  expected `iso`, `date`, `unix`, `unix_ms` or a pattern'],
    [incremental('cursor_format: "%Y-%Q"'), '`%Q` is no part of a time'],
    [incremental('last_value_func: avg'), 'expected one of `max`, `min`'],
    [incremental('initial_value: abc, convert: unix'), 'incremental.convert  `convert: unix` needs a time'],
    [incremental('start_param: a, initial_value: 2020-01-01, end_value: 2024-01-01, step: 1s'), 'incremental.step'],
    [incremental('start_param: a, end_param: a'), 'incremental.end_param  `a` is `start_param` already'],
    [incremental('granularity: 1d'), 'incremental.granularity  `granularity` goes with `step`'],
    [incremental(`${sent}, step: 1d, granularity: 25h`), 'incremental.granularity  has to be at most `step`, `1d`'],
    [incremental(`${sent}, step: 0d`), 'expected more than 0'],
    [incremental('start_param: a, step: 1d'), 'incremental.step  `step` needs an `initial_value`'],
    [incremental(`${sent}, step: 1d, last_value_func: min`), 'incremental.step  `step` needs a cursor that grows'],
    [incremental('initial_value: 2024-01-01, step: 1d'), 'each window would be the same list'],
    [incremental('start_param: a, initial_value: 0, step: 10'), 'windows of numbers need an `end_value`'],
    [incremental('start_param: a, initial_value: x, step: 10'), 'windows are of times or numbers'],
    [incremental('').replace(' at,', ' "a[?b>",'), 'incremental.cursor_path'],
    [`params: { a: ${param()}, b: ${param()} }`, 'params.b  a resource has one cursor, and `params.a` is it'],
    [
      `params: { a: ${param()} }, ${incremental('')}`,
      'params.a  a resource has one cursor, and `endpoint.incremental`',
    ],
    [`params: { a: ${param(', end_value: 1')} }`, 'params.a.end_value  `end_value` goes with `endpoint.incremental`'],
    [`params: { a: ${param(', end_param: b')} }`, 'params.a.end_param  `end_param` goes with `endpoint.incremental`'],
    [
      `params: { a: "{incremental.start}" }, ${incremental('')}`,
      'params.a  `{incremental.start}`: expected one of `incremental.start_value`',
    ],
    [
      `params: { a: "{incremental.start_value:>5}" }, ${incremental('')}`,
      'a placeholder has no format, expected `{incremental.start_value}`',
    ],
    [`params: { a: "{incremental.start_value}" }`, 'params.a  `{incremental.start_value}` needs `incremental`'],
    [`path: "a/{incremental.start_value}"`, 'path  `{incremental.start_value}` needs `incremental`'],
    [
      `params: { a: "{incremental.end_value}" }, ${incremental('initial_value: 1')}`,
      'params.a  `{incremental.end_value}` has no value: give an `end_value`, or windows with `step`',
    ],
    [
      `params: { a: "since {incremental.start_value}" }, ${incremental('')}`,
      'params.a  `{incremental.start_value}` has no value on the first run: give an `initial_value`',
    ],
    [
      `headers: { a: "{incremental.start_value}" }, ${incremental('')}`,
      'headers.a  `{incremental.start_value}` has no value on the first run',
    ],
    [
      `fallbacks: [{ path: b, params: { q: "{incremental.x}" } }], ${incremental('')}`,
      'fallbacks[0].params.q  `{incremental.x}`: expected one of',
    ],
  ])('cannot be %s', async (endpoint, message) => {
    expect(await found(endpoint)).toEqual([expect.stringContaining(message)]);
  });

  test('is the same wherever it is written: placeholders in the parameters, also of fallbacks that have their own', async () => {
    const { source } = await load(
      withResources(
        `- { name: a, endpoint: { incremental: { cursor_path: at, start_param: since, end_param: until }, params: { x: 1 }, fallbacks: [{ path: b, params: { y: 2 } }, { path: c }] } }`,
        `- { name: b, endpoint: { params: { since: ${param(', lag: 5')}, x: 1 } } }`,
      ),
    );
    const [first, second] = source.resources.map(({ endpoint }) => endpoint);
    const cursor = { since: '{incremental.start_value}', until: '{incremental.end_value}' };
    expect(first?.params).toEqual({ x: 1, ...cursor });
    expect(first?.fallbacks).toEqual([{ path: 'b', params: { y: 2, ...cursor } }, { path: 'c' }]);
    expect(second).toMatchObject({
      params: { since: '{incremental.start_value}', x: 1 },
      incremental: { cursor_path: 'at', lag: 5 },
    });
  });
});
