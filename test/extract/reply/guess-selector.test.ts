import { describe, expect, it } from 'vitest';
import { guessSelector } from '../../../src/extract/reply/guess-selector.ts';

describe('guessSelector', () => {
  it.each<[string, unknown, string]>([
    ['a list', [{ id: 1 }], '$'],
    ['an object with a list of objects under a known key', { total: 1, results: [{ id: 1 }] }, 'results'],
    ['an empty list under a known key', { data: [] }, 'data'],
    ['an object with other lists', { id: 7, tags: ['a'], models: [{ id: 1 }] }, '$'],
    ['a known key that holds no objects', { id: 7, values: [1, 2] }, '$'],
    ['a list deeper down', { response: { data: [{ id: 1 }] } }, '$'],
    ['an object that has nothing but a list of objects', { users: [{ id: 1 }] }, 'users'],
    ['an object that has nothing but an empty list', { 'the users': [] }, '$["the users"]'],
    ['an object that has nothing but a list of values', { tags: ['a'] }, '$'],
    ['a list of OData', { '@odata.context': 'x', '@odata.count': 1, value: [{ id: 1 }] }, 'value'],
    ['a list of OData without metadata', { value: [{ id: 1 }], nextLink: 'https://x/' }, 'value'],
    ['an object that has a value', { id: 7, value: [{ amount: 1 }] }, '$'],
    ['null', null, '$'],
  ])('of %s', (_, body, selector) => {
    expect(guessSelector(body, undefined)).toBe(selector);
  });

  it.each<[string, unknown, string]>([
    ['the list of objects, whatever its name', { total: 5, tags: ['a'], issues: [{ id: 1 }] }, 'issues'],
    ['one deeper down', { response: { pages: 3, 'the results': [{ id: 1 }] } }, '$["response"]["the results"]'],
    ['one with a known name before others', { a: [{}], response: { results: [{ id: 1 }] } }, 'response.results'],
    ['one with items before an empty one', { notices: [], orders: [{ id: 1 }] }, 'orders'],
    ['an empty one', { total: 0, orders: [] }, 'orders'],
    ['none of what is about the reply', { meta: { parts: [{}] }, links: [{}], errors: [{}], x: [{}] }, 'x'],
    ['none that is too deep', { a: { b: { c: { d: [{}] } } } }, '$'],
    ['none of a record, which has an id', { id: 7, roles: [{ name: 'a' }] }, '$'],
  ])('takes, where a list is expected, %s', (_, body, selector) => {
    expect(guessSelector(body, 'list')).toBe(selector);
  });

  it('of a record is the whole reply', () => {
    expect(guessSelector({ id: 7, items: [{ id: 1 }] }, 'record')).toBe('$');
  });
});
