import { expect, onTestFinished, test } from 'vitest';
import { Expressions } from '../../src/duckdb/expressions.ts';
import { TookTooLong } from '../../src/duckdb/interrupt.ts';

async function opened(limit?: number): Promise<Expressions> {
  const expressions = await Expressions.open(limit);
  onTestFinished(() => expressions.close());
  return expressions;
}

test('expressions that share a DuckDB are alone: neither the end nor the interruption of one is that of another', async () => {
  const [first, second, hurried] = [await Expressions.open(), await opened(), await opened(20)];
  const rows = { count: 2, columns: [{ name: 'id', type: 'BIGINT', texts: ['1', '2'] }] };
  const endless = { sql: '(select max(hash(range)) from range(1000000000000))', names: [] };
  const stop = new AbortController();
  const stopped = second.values(endless, rows, stop.signal);
  await expect(hurried.values(endless, rows)).rejects.toThrow(TookTooLong);
  const larger = await first.parse('id > 1');
  expect(await first.holding(larger, rows)).toEqual([1]);
  first.close();
  stop.abort(new Error('enough'));
  await expect(stopped).rejects.toThrow('enough');
  expect(await second.holding(larger, rows)).toEqual([1]);
});
