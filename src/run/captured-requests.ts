import type { ClientConfig } from '../config/grammar/client-schema.ts';
import type { ResolvedResource } from '../config/pipeline-config.ts';
import type { ResourceNormalizer } from '../normalize/resource-normalizer.ts';
import type { PackageResource, PackageTable } from '../package/layout.ts';
import { REQUESTS_TABLE } from '../schema/names.ts';
import { type AmountColumns, amountColumns, type RequestRow, requestsTable } from '../schema/requests-table.ts';

/** The rows of `_elt_requests` in a load package: written like those of a resource, beside the pages of which they tell. */
export class CapturedRequests {
  readonly #open: () => Pick<ResourceNormalizer, 'add'>;
  #normalizer: Pick<ResourceNormalizer, 'add'> | undefined;
  #rows = 0;

  /** `begun`: tables of the package that is continued. */
  constructor(open: () => Pick<ResourceNormalizer, 'add'>, begun: readonly PackageTable[]) {
    this.#open = open;
    const table = begun.find(({ resource }) => resource === REQUESTS_TABLE);
    if (table === undefined) return;
    this.#rows = table.rows;
    this.#normalizer = open();
  }

  /** From the list into the buffers: durable with what is noted next. Answers whether there were any. */
  take(list: RequestRow[]): boolean {
    const rows = list.splice(0);
    if (rows.length === 0) return false;
    this.#normalizer ??= this.#open();
    for (let from = 0; from < rows.length; ) from = this.#normalizer.add(rows, from);
    this.#rows += rows.length;
    return true;
  }

  /** What the package says of them, as of a resource behind all others; nothing where there are none. */
  documents(place: number): PackageResource[] {
    if (this.#normalizer === undefined) return [];
    const counted = { records: this.#rows, requests: 0, notes: [] };
    return [{ resource: REQUESTS_TABLE, place, root: REQUESTS_TABLE, status: 'done', position: null, ...counted }];
  }
}

/** Where nothing is asked of the source: what it cost is told already. */
export const nothingCaptured: Pick<CapturedRequests, 'take' | 'documents'> = {
  take: (list) => {
    list.splice(0);
    return false;
  },
  documents: () => [],
};

export function requestsResource(client: ClientConfig | undefined): ResolvedResource {
  return { ...requestsTable(amountsOf(client)), selected: true };
}

/** The columns of cost and balance, where the client names their headers. */
export function amountsOf({ cost_header: cost, balance_header: balance }: Partial<ClientConfig> = {}): AmountColumns {
  return amountColumns({ ...(cost === undefined ? {} : { cost }), ...(balance === undefined ? {} : { balance }) });
}
