import { describe, expect, test } from 'vitest';
import type { RequestTrace } from '../../src/findings.ts';
import { ResourceWords } from '../../src/run/resource-words.ts';

function wordsOf(name: string) {
  const said: string[] = [];
  const kept: string[] = [];
  let now = 0;
  const log = { warn() {}, progress: (text: string) => said.push(text), keep: (text: string) => kept.push(text) };
  const words = new ResourceWords(name, { log, now: () => now });
  const ask = (path: string, status: number | null, records?: number, soFar = records ?? 0) => {
    now += 200;
    const url = `https://api.example.test${path}`;
    const trace: RequestTrace = {
      resource: name,
      method: 'GET',
      url,
      status,
      attempts: 1,
      milliseconds: 200,
      bytes: 9,
    };
    words.request(trace);
    if (status === null || records === undefined) return;
    const reply = { status, milliseconds: 200 };
    words.page({ records: Array(records).fill({}), request: `GET ${path}`, reply }, soFar);
  };
  return { words, ask, said, kept };
}

describe('what is said of a resource', () => {
  test('that asks once is its request, and that stays', () => {
    const { words, ask, said, kept } = wordsOf('models');
    words.await('reply');
    ask('/models', 200, 61);
    words.end({ records: 61, status: 'done' });
    expect(said).toEqual(['models: waiting for the first reply', 'models: GET /models → 200, 61 records, 0.2 s']);
    expect(kept).toEqual(['models: GET /models → 200, 61 records, 0.2 s']);
  });

  test('that asks for several pages is each, and in the end all of them', () => {
    const { words, ask, said, kept } = wordsOf('posts');
    ask('/posts', 200, 2, 2);
    ask('/posts?page=2', 200, 1, 3);
    words.end({ records: 3, status: 'done' });
    expect(said).toEqual([
      'posts: GET /posts → 200, 2 records, 0.2 s',
      'posts: GET /posts?page=2 → 200, 1 record (3 so far), 0.2 s',
      'posts: 2 requests, 3 records, 0.4 s',
    ]);
    expect(kept).toEqual(['posts: 2 requests, 3 records, 0.4 s']);
  });

  test('is also a reply that is no page, but not one that never came', () => {
    const { words, ask, said, kept } = wordsOf('jobs');
    ask('/jobs/a', 404);
    ask('/jobs/b', null);
    ask('/jobs/c', 204);
    words.end({ records: 0, status: 'done' });
    expect(said).toEqual(['jobs: GET /jobs/a → 404, 0.2 s', 'jobs: 3 requests, 0 records, 0.6 s']);
    expect(kept).toEqual(said.slice(-1));
  });

  test('that is as it was says so', () => {
    const { words, ask, kept } = wordsOf('models');
    ask('/models', 304);
    words.end({ records: 0, status: 'unchanged' });
    expect(kept).toEqual(['models: 1 request, unchanged, 0.2 s']);
  });

  test('is nothing in the end where nothing was asked for', () => {
    const { words, said, kept } = wordsOf('jobs');
    words.await('reply');
    words.end({ records: 0, status: 'done' });
    expect([said, kept]).toEqual([['jobs: waiting for the first reply'], []]);
  });
});
