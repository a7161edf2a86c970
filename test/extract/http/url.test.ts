import { describe, expect, it } from 'vitest';
import { fillPath, isSameHome, joinUrl, withParams } from '../../../src/extract/http/url.ts';

describe('joinUrl', () => {
  it.each([
    ['https://api.x/', '/models', 'https://api.x/models'],
    ['https://api.x', 'models', 'https://api.x/models'],
    ['https://api.x/v1//', '//models', 'https://api.x/v1/models'],
    ['https://api.x/v1', 'models?x=1', 'https://api.x/v1/models?x=1'],
    ['https://api.x/', 'https://other.x/m', 'https://other.x/m'],
    ['https://api.x/graphql', '', 'https://api.x/graphql'],
    ['https://api.x/v1/', '', 'https://api.x/v1/'],
    ['https://api.x/search', '?q=1', 'https://api.x/search?q=1'],
  ])('%s and %s', (base, path, expected) => {
    expect(joinUrl(base, path).href).toBe(expected);
  });

  it('needs a base for a relative path', () => {
    expect(() => joinUrl(undefined, 'models')).toThrow(/relative, but the source has no `client`/);
  });
});

describe('withParams', () => {
  it('writes parameters as dlt does', () => {
    const params = { none: null, list: ['a', 2], yes: true, no: false, empty: '', text: 'a b&c', n: 1.5 };
    expect(withParams(new URL('https://x/p'), params).search).toBe(
      '?list=a&list=2&yes=True&no=False&empty=&text=a+b%26c&n=1.5',
    );
  });

  it('adds to what the path brings, which stays as it was written', () => {
    expect(withParams(new URL('https://x/p?a=1%20b'), { c: 2 }).href).toBe('https://x/p?a=1%20b&c=2');
  });
});

describe('fillPath', () => {
  it('sends half of a surrogate pair as U+FFFD', () => {
    expect(fillPath('jobs/{id}', { id: 'a\ud800b' })).toBe('jobs/a%EF%BF%BDb');
  });

  it('puts encoded values into the places of a path', () => {
    expect(fillPath('jobs/{id}/{part}', { id: 'a/b?c#ü', part: 7 })).toBe('jobs/a%2Fb%3Fc%23%C3%BC/7');
  });

  it('takes doubled braces as braces', () => {
    expect(fillPath('a/{{id}}', {})).toBe('a/{id}');
  });

  it.each(['.', '..', ''])('refuses %j, which would change the path', (id) => {
    expect(() => fillPath('jobs/{id}', { id })).toThrow(/cannot stand in a path/);
  });

  it('names the parameter that is missing', () => {
    expect(() => fillPath('jobs/{id}', {})).toThrow(/has a place for `id`/);
    expect(() => fillPath('jobs/{constructor}', {})).toThrow(/has a place for `constructor`/);
  });
});

describe('isSameHome', () => {
  it.each([
    ['https://a.x/', 'https://a.x/b', true],
    ['https://a.x/', 'https://a.x:443/b', true],
    ['http://a.x/', 'https://a.x/b', true],
    ['https://a.x/', 'http://a.x/b', false],
    ['https://a.x/', 'https://b.x/', false],
    ['https://a.x/', 'https://a.x:8443/', false],
    ['http://a.x:8080/', 'https://a.x/', false],
    ['https://a.x/', 'https://a.x.evil.test/', false],
  ])('from %s to %s is %s', (home, url, expected) => {
    expect(isSameHome(new URL(home), new URL(url))).toBe(expected);
  });
});
