import { describe, expect, it } from 'vitest';
import type { RecordSource } from '../../../src/config/grammar/resource-schema.ts';
import type { ResolvedResource } from '../../../src/config/pipeline-config.ts';
import { PipelineError } from '../../../src/errors.ts';
import { collect } from '../collect.ts';

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
    expect(outcome).toEqual({ status: 'extracted', records: 2500, requests: 0, notes: [], isWhole: true });
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
    for (const [given, kind] of [
      [5, 'the number 5'],
      ['abc', 'the string abc'],
      [undefined, 'undefined'],
      [{ id: 1 }, 'an object'],
    ]) {
      const data = (() => given) as unknown as RecordSource;
      expect((await collect(generated(data))).error).toMatchObject({
        code: 'ResourceGeneratorFailed',
        message: `The generator of resource \`own\` failed: it returned ${kind}, not an (async) iterable`,
      });
    }
  });

  it('may be promised', async () => {
    expect((await collect(generated(async () => [{ n: 1 }]))).records).toEqual([{ n: 1 }]);
    const broken = async () => Promise.reject(new Error('no luck'));
    expect((await collect(generated(broken))).error).toMatchObject({ message: expect.stringContaining('no luck') });
  });

  it('may hold promises of records', async () => {
    expect((await collect(generated(() => [Promise.resolve({ n: 1 })]))).records).toEqual([{ n: 1 }]);
  });

  it('says so when there was nothing', async () => {
    expect((await collect(generated(() => []))).outcome?.notes).toEqual(['no records']);
  });

  it('names the place of a value that is no JSON', async () => {
    const { error } = await collect(generated(() => [{ tags: [1, new Map([['a', 1]])] }]));
    expect(error).toMatchObject({
      code: 'ResourceGeneratorFailed',
      exitCode: 5,
      message: 'The generator of resource `own` gave an instance of Map at `tags[1]`, which has no form in JSON.',
      facts: { resource: 'own', path: 'tags[1]' },
    });
  });
});

describe('a generator that is interrupted', () => {
  it('is closed, and what it gives afterwards is not taken', async () => {
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
    expect(error).toMatchObject({ code: 'Interrupted', exitCode: 130 });
    expect(pages).toHaveLength(1);
    await Promise.resolve();
    expect(isClosed).toBe(true);
  });

  it('while it waits for something that never comes', async () => {
    const stop = new AbortController();
    const data = () => ({
      [Symbol.asyncIterator]: () => ({
        next: () => {
          setImmediate(() => stop.abort(new Error('enough')));
          return new Promise<never>(() => {});
        },
        return: () => new Promise<never>(() => {}),
      }),
    });
    expect((await collect(generated(data), { signal: stop.signal })).error).toMatchObject({ code: 'Interrupted' });
  });

  it.each<[string, RecordSource]>([
    [
      'yields records for ever',
      function* () {
        for (;;) yield { n: 1 };
      },
    ],
    [
      'yields empty lists for ever',
      async function* () {
        for (;;) yield [];
      },
    ],
  ])('that %s', async (_, data) => {
    const stop = new AbortController();
    setImmediate(() => stop.abort());
    expect((await collect(generated(data), { signal: stop.signal })).error).toMatchObject({ code: 'Interrupted' });
  });

  it('may clean up before the run ends', async () => {
    const stop = new AbortController();
    let isClosed = false;
    const data = () => ({
      [Symbol.iterator]: () => ({
        next: () => {
          setImmediate(() => stop.abort());
          return { done: false as const, value: { n: 1 } };
        },
        return: () => {
          isClosed = true;
          return { done: true as const, value: undefined };
        },
      }),
    });
    expect((await collect(generated(data), { signal: stop.signal })).error).toMatchObject({ code: 'Interrupted' });
    expect(isClosed).toBe(true);
  });

  it('has a second for it', async () => {
    const stop = new AbortController();
    const data = () => ({
      [Symbol.asyncIterator]: () => ({
        next: async () => {
          setImmediate(() => stop.abort());
          return { done: false as const, value: { n: 1 } };
        },
        return: () => new Promise<never>(() => {}),
      }),
    });
    const { error, slept } = await collect(generated(data), { signal: stop.signal });
    expect(error).toMatchObject({ code: 'Interrupted' });
    expect(slept).toEqual([1000]);
  });

  it('and fails because of the same signal is interrupted, not failed', async () => {
    const stop = new AbortController();
    const { error } = await collect(
      generated(async function* () {
        yield { n: 1 };
        stop.abort();
        stop.signal.throwIfAborted();
      }),
      { signal: stop.signal },
    );
    expect(error).toMatchObject({ code: 'Interrupted' });
  });
});
