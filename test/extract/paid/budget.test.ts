import { describe, expect, it } from 'vitest';
import { Budget, LimitReached } from '../../../src/extract/paid/budget.ts';
import { moneyOf, moneyText } from '../../../src/values/money.ts';

const usd = (text: string) => moneyOf(text) ?? -1n;
const budgetOf = (maxCost?: string, minBalance?: string) =>
  new Budget({
    currency: 'usd',
    ...(maxCost === undefined ? {} : { maxCost: usd(maxCost) }),
    ...(minBalance === undefined ? {} : { minBalance: usd(minBalance) }),
  });
const told = { cost: undefined, balance: undefined, isError: false };

describe('amounts of money', () => {
  it('are added exactly', () => {
    expect(moneyText(usd('0.1') + usd('0.2'))).toBe('0.3');
    expect(moneyText(usd('1e-8') * 1024n)).toBe('0.00001024');
    expect(moneyText(-usd('12.50'))).toBe('-12.5');
  });

  it.each(['', 'free', '0,5', '$1', 'Infinity'])('are none: %j', (text) => {
    expect(moneyOf(text)).toBeUndefined();
  });
});

describe('a budget', () => {
  it('reserves what a request is expected to cost, so that many at once keep within it', () => {
    const budget = budgetOf('1');
    const purchase = { resource: 'images', cost: usd('0.3') };
    const sent = [1, 2, 3].map(() => budget.reserve(purchase));
    expect(() => budget.reserve(purchase)).toThrow(LimitReached);
    sent[0]?.settle({ ...told, cost: usd('0.1') });
    budget.reserve(purchase);
    expect(() => budget.reserve(purchase)).toThrow(LimitReached);
    expect(budget.stop).toMatchObject({ exitCode: 8, facts: { spent: 0, next: 0.3, maxCost: 1, balance: null } });
    expect(budget.stop?.message).toContain(
      'are spent, 0.9 are reserved for what is under way; the balance is not known.',
    );
  });

  it.each([
    ['as its reply says', { ...told, cost: usd('0.5') }, '0.5', 0],
    ['as was expected, where it does not say', told, '0.3', 0],
    ['nothing, where it is an error', { ...told, isError: true }, '0', 0],
    ['what an error says that it cost', { ...told, isError: true, cost: usd('0.2') }, '0.2', 0],
  ])('counts for a request %s', (_, reply, spent, unknown) => {
    const budget = budgetOf();
    budget.reserve({ resource: 'images', cost: usd('0.3') }).settle(reply);
    expect(budget.purchases.get('images')).toMatchObject({ spent: usd(spent), requests: 1, unknown });
  });

  it('keeps what was reserved for a request without a reply: it may have been paid', () => {
    const budget = budgetOf('0.5');
    budget.reserve({ resource: 'images', cost: usd('0.3') }).lose();
    expect(budget.total).toEqual({ spent: 0n, requests: 1, unknown: 1, unanswered: 1 });
    expect(() => budget.reserve({ resource: 'images', cost: usd('0.3') })).toThrow(LimitReached);
  });

  it('names the page where the balance is topped up, where the configuration does', () => {
    const budget = new Budget({ currency: 'usd', minBalance: usd('1'), billing: 'https://example.com/billing' });
    budget.hear(usd('1'));
    expect(() => budget.reserve({ resource: 'images', cost: usd('0.3') })).toThrow(LimitReached);
    expect(budget.stop?.hint).toMatch(/^Top up the balance at https:\/\/example\.com\/billing, or lower/);
  });

  it('lets a request of unknown cost go as long as anything is left', () => {
    const budget = budgetOf('0.5');
    const purchase = { resource: 'images', cost: undefined };
    budget.reserve(purchase).settle({ ...told, cost: usd('0.4') });
    budget.reserve(purchase).settle({ ...told, cost: usd('0.4') });
    expect(() => budget.reserve(purchase)).toThrow('0.8 of at most 0.5 usd (`max_cost`) are spent');
  });

  it('keeps to the limit of a resource, which others do not use up', () => {
    const budget = budgetOf('5');
    budget.reserve({ resource: 'images', cost: usd('4') }).settle(told);
    const purchase = { resource: 'videos', cost: usd('0.6'), maxCost: usd('1') };
    budget.reserve(purchase).settle(told);
    expect(() => budget.reserve(purchase)).toThrow('0.6 of at most 1 usd (`endpoint.max_cost`) are spent on it');
  });

  it('leaves what is to be left of the balance, once a reply has said what that is', () => {
    const budget = budgetOf(undefined, '1');
    const purchase = { resource: 'images', cost: usd('0.3') };
    budget.reserve(purchase).settle({ ...told, balance: usd('1.6') });
    const first = budget.reserve(purchase);
    budget.reserve(purchase);
    expect(() => budget.reserve(purchase)).toThrow(LimitReached);
    first.settle({ ...told, balance: usd('1.29') });
    expect(() => budget.reserve(purchase)).toThrow(/at least 1 usd are to be left.*the balance is 1\.29 usd\.$/);
  });
});
