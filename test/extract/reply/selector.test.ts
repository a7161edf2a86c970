import { describe, expect, it } from 'vitest';
import { selectRecords } from '../../../src/extract/reply/selector.ts';
import { jsonPath } from '../../../src/json-path/json-path.ts';

async function select(expression: string, body: unknown) {
  return selectRecords(await jsonPath(expression, 'data_selector'), body);
}

describe('selectRecords', () => {
  it.each<[string, string, unknown, unknown]>([
    ['the elements of a list', 'data', { data: [{ a: 1 }, { a: 2 }] }, [{ a: 1 }, { a: 2 }]],
    ['nothing of an empty list', 'data', { data: [] }, []],
    ['a single value as one record', 'data', { data: { a: 1 } }, [{ a: 1 }]],
    ['null for null', 'data', { data: null }, null],
    ['null for an empty object', 'data', { data: {} }, null],
    ['null for a whole reply of null', '$', null, null],
    ['null for a whole reply of {}', '$', {}, null],
    ['null for what an index leads to', 'data[0]', { data: [{}] }, null],
    ['an empty object that a list holds', 'data', { data: [{}] }, [{}]],
    ['an empty object that is the only match of a wildcard', 'data[*]', { data: [{}] }, [{}]],
    ['a whole object', '$', { a: [1] }, [{ a: [1] }]],
    ['a whole list', '$', [1, 2], [1, 2]],
    ['a scalar', '$', 5, [5]],
    ['every one of several matches', '$.data[*].x', { data: [{ x: 1 }, { x: [2] }] }, [1, [2]]],
    ['nothing where a wildcard meets an empty list', 'data[*]', { data: [] }, []],
    ['nothing where a filter keeps nothing', 'data[?@.on]', { data: [{ off: 1 }] }, []],
    ['undefined where a descent finds no such name', '$..dta', { data: [1] }, undefined],
    ['nothing of an empty list as a whole', '$[*]', [], []],
    ['nothing of an empty object', 'data[*]', { data: {} }, []],
    ['nothing where a slice is beyond the list', 'data[3:]', { data: [1] }, []],
    ['nothing of an empty list that a descent finds', '$..data[*]', { data: [] }, []],
    ['nothing of empty lists', 'data[*].x[*]', { data: [{ x: [] }, { x: null }] }, []],
    ['nothing where a filter keeps nothing to go on from', 'data[?@.on].x', { data: [{ off: 1 }] }, []],
    ['null where a wildcard meets null', 'data[*]', { data: null }, null],
    ['null where a filter meets null', 'data[?@.on]', { data: null }, null],
    ['undefined where a wildcard meets text', 'data[*]', { data: 'none' }, undefined],
    ['undefined where no item has the name', 'data[*].x', { data: [{ y: 1 }, { z: 1 }] }, undefined],
    ['undefined where no item has the name of a list', 'data[*].x[*]', { data: [{ y: [1] }] }, undefined],
    ['what some items have', 'data[*].x[*]', { data: [{ y: [1] }, { x: [2, 3] }] }, [2, 3]],
    ['undefined where a descent leads to no list', '$..dta[*]', { data: [1] }, undefined],
    ['undefined where the name is missing', 'dta', { data: [1] }, undefined],
    ['undefined where the start of a wildcard is missing', 'dta[*]', { data: [1] }, undefined],
    ['undefined where an index is beyond the list', 'data[3]', { data: [1] }, undefined],
  ])('gives %s', async (_, expression, body, expected) => {
    expect(await select(expression, body)).toEqual(expected);
  });
});
