import type { z } from 'zod';
import type { NameLimit } from '../../schema/fitted-name.ts';
import type { Finding } from '../checks/finding.ts';
import type { Path } from '../file/located-tree.ts';
import type { WithSecrets } from '../secret-reference.ts';

/** What a configuration says of a kind of destination. What the destination does is in destinations/, a folder a kind. */
export interface DestinationKind<Written, Complete> {
  /** With every default settled and every path absolute. */
  complete(written: Written, surroundings: Surroundings): Complete;
  /** What names of a dataset, a table or a column have to be. Default: they can be as they are. */
  readonly nameLimit?: NameLimit;
  /**
   * The engine that answers the SQL of the configuration, where that is not DuckDB: what expectations, views and queries of values
   * say is not looked at before it does.
   */
  readonly engine?: string;
  /** Why rows that are there stay as they are, with what to do about it: merges are refused. A fragment of a sentence. */
  readonly onlyAdds?: string;
  /** What is wrong between values that are each right by themselves; paths begin in the destination. */
  problems?(written: Written): readonly Finding[];
  /** Says why it can have no dataset of this name. `name`: that of the pipeline. */
  whyNoDataset?(dataset: string, written: Written, name: string): string | undefined;
}

interface Surroundings {
  /** Of the pipeline. */
  readonly name: string;
  /** @param keys from the destination's mapping on: where the path stands */
  absolute(path: string, ...keys: Path): string;
}

/** `forms`: how it is written, its name alone where that says enough, and a mapping. */
export function destinationKind<Form extends z.ZodType<{ readonly type: string }>, Complete>(
  kind: { readonly forms: readonly Form[] } & DestinationKind<WithSecrets<z.output<Form>>, Complete>,
): { readonly forms: readonly Form[] } & DestinationKind<WithSecrets<z.output<Form>>, Complete> {
  return kind;
}
