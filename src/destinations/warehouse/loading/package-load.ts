import type { Connection } from '../../../duckdb/connection.ts';
import type { AskedDataset } from '../../../expectations/asked-dataset.ts';
import type { LoadExpectations } from '../../../expectations/load-expectations.ts';
import type { Findings } from '../../../findings.ts';
import type { Views } from '../../made-views.ts';
import type { Transport } from '../warehouse-transport.ts';

/** A package that is to be published, and how. */
export interface PackageLoad {
  readonly loadId: string;
  /** Sees the package as `package`. */
  readonly connection: Connection;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Another run made the package. */
  readonly isRecovered: boolean;
  /** However many rows are deleted because they did not come. */
  readonly allowDelete: boolean;
  /** dlt's `create_indexes`. */
  readonly createIndexes: boolean;
  readonly expectations?: LoadExpectations | undefined;
  /** Of the configuration. */
  readonly views: Views;
  readonly findings: Pick<Findings, 'note' | 'warn'>;
  /** How expectations are asked within the transaction. */
  readonly asked: (transport: Transport) => AskedDataset;
}
