import type { Path } from './file/located-tree.ts';

/** What ours is called in dlt, where it is called otherwise: the mapping that holds a secret, by destination. */
const dltPlaces: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  ducklake: {
    '': 'credentials',
    catalog: 'credentials.catalog',
    storage_credentials: 'credentials.storage.credentials',
  },
};

/** The sections in which dlt keeps a secret that stands at a place of the configuration, best first. */
export function sectionsAt(at: Path, source: string, destination: string): string[][] {
  if (at[0] !== 'pipeline' || at[1] !== 'destination') return [['sources', source]];
  const inside = at.slice(2, -1).map(String);
  // A connection string is the mapping that holds it.
  const holder = at.at(-1) === 'connection_string' ? inside.slice(0, -1) : inside;
  const dlt = dltPlaces[destination]?.[holder.join('.')]?.split('.');
  const own = ['destination', destination, ...holder];
  return dlt === undefined ? [own] : [['destination', destination, ...dlt], own];
}
