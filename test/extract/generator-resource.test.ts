import { describe, expect, it } from 'vitest';
import type { ResolvedResource } from '../../src/config/pipeline-config.ts';
import type { RecordSource } from '../../src/config/resource-schema.ts';
import { PipelineError } from '../../src/errors.ts';
import { collect } from './collect.ts';

function generated(data: RecordSource): ResolvedResource {
  return { name: 'own', table_name: 'own', selected: true, write_disposition: { disposition: 'append' }, data };
}

const numbers = (count: number) => Array.from({ length: count }, (_, n) => ({ n }));

describe('a resource with its own generator', () => {
  it('gives pages of about a thousand records', async () => {
    const { pages, outcome } = await collect(
      generated(async function* () {
        yield* numbers(2500);
      }),
    );
    expect(pages.map((page) => page.records.length)).toEqual([1000, 1000, 500]);
    expect(pages.map((page) => page.position)).toEqual([{}, {}, {}]);
    expect(outcome).toEqual({ status: 'extracted', records: 2500, requests: 0, notes: [] });
  });

  it('takes a list that is yielded as its records', async () => {
    const { records } = await collect(generated(() => [[{ n: 1 }, { n: 2 }], { n: 3 }, []]));
    expect(records).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }]);
  });

  it('may be empty', async () => {
    expect(await collect(generated(() => []))).toMatchObject({
      pages: [],
      outcome: { status: 'extracted', records: 0 },
    });
  });

  it('that throws is named, the pages before are kept', async () => {
    const { error, pages } = await collect(
      generated(async function* () {
        yield numbers(1000);
        throw new Error('no\u001b[1m luck');
      }),
    );
    expect(error).toMatchObject({
      code: 'ResourceGeneratorFailed',
      message: 'The generator of resource `own` failed: no luck',
    });
    expect(pages).toHaveLength(1);
  });

  it('that throws an error of the family keeps it', async () => {
    const failure = new PipelineError({ code: 'SourceUnavailable', message: 'no', hint: 'no' });
    const data = () => {
      throw failure;
    };
    expect((await collect(generated(data))).error).toBe(failure);
  });

  it('that gives nothing iterable is named', async () => {
    const data = (() => 5) as unknown as RecordSource;
    expect((await collect(generated(data))).error).toMatchObject({ code: 'ResourceGeneratorFailed' });
  });

  it('is closed when the run is interrupted', async () => {
    const stop = new AbortController();
    let isClosed = false;
    const { error, pages } = await collect(
      generated(async function* () {
        try {
          yield numbers(1000);
          stop.abort();
          yield numbers(1000);
        } finally {
          isClosed = true;
        }
      }),
      { signal: stop.signal },
    );
    expect(error).toMatchObject({ code: 'Interrupted' });
    expect(pages).toHaveLength(2);
    expect(isClosed).toBe(true);
  });
});
