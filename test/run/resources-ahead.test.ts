import { expect, test } from 'vitest';
import { realEffects } from '../../src/effects.ts';
import { Allowance } from '../../src/extract/lookahead.ts';
import type { ExtractOutcome, Page } from '../../src/extract/page.ts';
import { ResourceProgress } from '../../src/run/resource-progress.ts';
import { NOTHING_MORE, ResourcesAhead } from '../../src/run/resources-ahead.ts';

test('what nobody came to is given up, and over when that is said: DuckDB is not closed below a query', async () => {
  const ahead = new ResourcesAhead(new Allowance(2));
  const told: string[] = [];
  const resource = {
    name: 'slow',
    table_name: 'slow',
    selected: true,
    write_disposition: { disposition: 'append' },
  } as const;
  async function* pages(stop: AbortSignal): AsyncGenerator<Page, ExtractOutcome> {
    await new Promise((resolve) => stop.addEventListener('abort', resolve));
    told.push('stopped');
    await realEffects.sleep(20);
    told.push('over');
    return NOTHING_MORE;
  }
  const progress = new ResourceProgress(resource, 0, undefined, undefined, false, realEffects);
  ahead.begin('slow', (stop) => ({ progress, seeds: async () => undefined, pages: pages(stop) }));
  await ahead.end();
  expect(told).toEqual(['stopped', 'over']);
});
