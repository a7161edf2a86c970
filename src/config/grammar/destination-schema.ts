import { z } from 'zod';
import type { WithSecrets } from '../secret-reference.ts';
import { bigqueryDestination } from './bigquery-destination.ts';
import { databricksDestination } from './databricks-destination.ts';
import type { DestinationKind } from './destination-kind.ts';
import { duckdbDestination } from './duckdb-destination.ts';
import { ducklakeDestination } from './ducklake-destination.ts';
import { filesystemDestination } from './filesystem-destination.ts';
import { postgresDestination } from './postgres-destination.ts';
import { redshiftDestination } from './redshift-destination.ts';
import { snowflakeDestination } from './snowflake-destination.ts';

/** Every kind of destination, by its `type`. */
const kinds = {
  duckdb: duckdbDestination,
  ducklake: ducklakeDestination,
  postgres: postgresDestination,
  databricks: databricksDestination,
  filesystem: filesystemDestination,
  redshift: redshiftDestination,
  bigquery: bigqueryDestination,
  snowflake: snowflakeDestination,
};

type Kinds = typeof kinds;
export type DestinationType = keyof Kinds;
type Form = Kinds[DestinationType]['forms'][number];
type Written = { readonly [Type in DestinationType]: WithSecrets<z.output<Kinds[Type]['forms'][number]>> };

export const destinationTypes = Object.keys(kinds);

/** The complete settings of each kind. */
export type DestinationConfigs = { readonly [Type in DestinationType]: ReturnType<Kinds[Type]['complete']> };

export const destinationSchema = z.union(Object.values(kinds).flatMap((kind): readonly Form[] => kind.forms));

/** What the configuration says of a kind, for one that is known by its `type` alone. */
export function destinationRules<Type extends DestinationType>(
  type: Type,
): DestinationKind<Written[Type], DestinationConfigs[Type]> {
  const rules: { readonly [One in DestinationType]: DestinationKind<Written[One], DestinationConfigs[One]> } = kinds;
  return rules[type];
}
