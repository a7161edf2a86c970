import { expect, it } from 'vitest';
import { ResponseRules } from '../../../src/extract/reply/response-actions.ts';

it('rules decide by the status of a reply, also where a transport gives the same bytes with another one', async () => {
  const rules = await ResponseRules.open([{ status_code: 429, action: 'stop' }]);
  const body = Buffer.from('{}');
  const actions = [429, 200, 200, 429].map((status) => rules.for({ status, headers: new Headers(), body })?.action);
  expect(actions).toEqual(['stop', undefined, undefined, 'stop']);
});

it('rules by values in a reply are decided in their order', async () => {
  const rules = await ResponseRules.open([
    { json_path: 'status', equals: 'queued', action: 'retry' },
    { json_path: 'status', action: 'ignore' },
  ]);
  const actionFor = (text: string) =>
    rules.for({ status: 200, headers: new Headers(), body: Buffer.from(text) })?.action;
  expect(['{"status":"queued"}', '{"status":"done"}', '{}', 'no JSON'].map(actionFor)).toEqual([
    'retry',
    'ignore',
    undefined,
    undefined,
  ]);
});
