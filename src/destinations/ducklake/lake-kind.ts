import type { DestinationConfigs } from '../../config/grammar/destination-schema.ts';
import { duckdbType, MOST_DIGITS } from '../../schema/duckdb-type.ts';
import type { AttachedKind } from '../attached/attached-kind.ts';

export type LakeSettings = DestinationConfigs['ducklake'];

/** In Parquet DuckDB makes a DOUBLE of a HUGEINT, which rounds without a word. */
export const lakeKind: AttachedKind = {
  dltType: 'dlt.destinations.ducklake',
  typeOf: (column) => {
    const type = duckdbType(column);
    return type === 'HUGEINT' ? `DECIMAL(${MOST_DIGITS},0)` : type;
  },
};

/** Where the lake is, for messages, and for load packages to tell whose they are. */
export function lakeLocation({ catalog, metadata_schema }: LakeSettings): string {
  if (catalog.type !== 'postgres') return catalog.path;
  const { username, host, port, database } = catalog.credentials;
  const server = host.includes(':') ? `[${host}]` : host;
  return `ducklake:postgres://${username}@${server}:${port}/${database}?schema=${metadata_schema}`;
}
