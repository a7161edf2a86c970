import { at, many } from './call.ts';

export const issues = (round: number) =>
  many(round === 0 ? 7 : 9, (n) => ({
    id: 1000 + n,
    number: n,
    title: `Issue ${n}`,
    // The third one is changed before the second run.
    updated_at: at(round === 1 && n === 3 ? 500 : n * 10),
    user: { login: `user${n % 3}`, id: n % 3 },
    labels: many(n % 3, (label) => ({ id: label, name: `label-${label}` })),
    comments_url: `/github/repos/dlt-hub/dlt/issues/${n}/comments`,
  }));

export const orders = (round: number) =>
  many(round === 0 ? 12 : 15, (n) => ({
    id: 5000 + n,
    updated_at: new Date(Date.UTC(2024, 0, n)).toISOString().replace('.000Z', '+00:00'),
    total_price: `${n}.50`,
    customer: { id: n % 4, email: null },
    line_items: many(n % 3, (item) => ({ id: n * 10 + item, sku: `S${item}`, quantity: item })),
  }));

export const articles = many(23, (n) => ({
  id: `article/${n}`,
  webPublicationDate: at(n),
  fields: { wordcount: `${n * 100}` },
}));

export function events(round: number) {
  const all = many(round === 0 ? 6 : 9, (n) => ({ id: n, updated: at(n), tags: [`t${n}`] as string[] | null }));
  return round === 0 ? all : [...all, { id: 2, updated: at(40), tags: null }];
}
