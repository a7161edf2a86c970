import { describe, expect, it } from 'vitest';
import { type Contract, contractViolated, decide, resolveContract } from '../../src/schema/contract.ts';

describe('resolveContract(…)', () => {
  it('allows everything where nobody says anything', () => {
    expect(resolveContract(undefined, undefined)).toEqual({ tables: 'evolve', columns: 'evolve', data_type: 'evolve' });
  });

  it('takes one mode for all three', () => {
    expect(resolveContract('freeze')).toEqual({ tables: 'freeze', columns: 'freeze', data_type: 'freeze' });
  });

  it('takes the first that is set, whole: what it leaves out evolves', () => {
    expect(resolveContract(undefined, { columns: 'freeze' }, 'discard_row')).toEqual({
      tables: 'evolve',
      columns: 'freeze',
      data_type: 'evolve',
    });
  });
});

describe('decide(contract, question)', () => {
  const all = (mode: Contract['tables']) => resolveContract(mode);
  const table = { entity: 'tables', column: null, newTable: true } as const;
  const column = { entity: 'columns', column: 'a', newTable: false } as const;
  const variant = { entity: 'data_type', column: 'a__v_text', newTable: false } as const;

  it.each([
    ['evolve', table, 'evolve'],
    ['freeze', table, 'fail'],
    ['discard_row', table, 'drop_table'],
    ['discard_value', table, 'drop_table'],
    ['evolve', column, 'evolve'],
    ['freeze', column, 'fail'],
    ['discard_row', column, 'drop_row'],
    ['discard_value', column, 'drop_value'],
    ['evolve', variant, 'evolve'],
    ['freeze', variant, 'fail'],
    ['discard_row', variant, 'drop_row'],
    ['discard_value', variant, 'drop_value'],
  ] as const)('under %s, %o: %s', (mode, question, decision) => {
    expect(decide(all(mode), question)).toBe(decision);
  });

  it('gives a new table its columns once, but not variants', () => {
    expect(decide(all('freeze'), { ...column, newTable: true })).toBe('evolve');
    expect(decide(all('freeze'), { ...variant, newTable: true })).toBe('fail');
  });

  it("lets dlt's own columns pass", () => {
    expect(decide(all('freeze'), { ...column, column: '_dlt_root_id' })).toBe('evolve');
  });
});

describe('contractViolated(question, table, value)', () => {
  it('names table, column and value, and what to do', () => {
    const error = contractViolated({ entity: 'columns', column: 'colour', newTable: false }, 'models', 'x'.repeat(500));
    expect(error.exitCode).toBe(7);
    expect(error.message).toContain('column colour of table models');
    expect(error.message.length).toBeLessThan(250);
    expect(error.hint).toContain('columns: evolve');
    expect(error.facts).toMatchObject({ entity: 'columns', table: 'models', column: 'colour' });
  });
});
