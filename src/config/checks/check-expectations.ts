import { normalizePath } from '../../schema/naming.ts';
import { child, indexesAt, type Located, nodeAt, type Path, plain, scalarAt } from '../file/located-tree.ts';
import { destinationRules } from '../grammar/destination-schema.ts';
import type { ResourceConfig } from '../grammar/resource-schema.ts';
import { datasetOf } from '../pipeline-config.ts';
import type { CheckedParts } from './checked-parts.ts';
import type { Finding } from './finding.ts';

/** Expectations of tables that the resource does not make. */
export function checkExpectedTables({ name, table_name = name, expectations = [] }: ResourceConfig): Finding[] {
  const root = normalizePath(table_name);
  return expectations.flatMap(({ table }, index) => {
    if (table === undefined || table === root || table.startsWith(`${root}__`)) return [];
    const message = `expected \`${root}\` or a table nested in it, such as \`${root}__tags\``;
    return [{ path: ['expectations', ...(expectations.length === 1 ? [] : [index]), 'table'], message }];
  });
}

/**
 * SQL and patterns that DuckDB cannot read, or that see more than the dataset. DuckDB is loaded only where there are any; what
 * another engine is asked, that one reads when it is.
 */
export async function checkExpectedSql(tree: Located, pipeline: CheckedParts['pipeline']): Promise<Finding[]> {
  if (pipeline !== undefined && destinationRules(pipeline.destination.type).engine !== undefined) return [];
  const dataset = pipeline === undefined ? '' : datasetOf(pipeline);
  const items = expectationsIn(tree);
  const written = items.flatMap((at) => [...sqlAt(tree, at), ...patternsAt(tree, at)]);
  return written.length === 0 ? [] : unreadable(written, dataset);
}

// --- internal ---

interface Written {
  readonly path: Path;
  readonly text: string;
  readonly isPattern: boolean;
}

function expectationsIn(tree: Located): Path[] {
  const resources = ['source', 'resources'];
  const lists = [['pipeline'], ...indexesAt(tree, resources).map((index) => [...resources, index])];
  return lists.flatMap((owner) => {
    const at = [...owner, 'expectations'];
    return nodeAt(tree, at)?.kind === 'map' ? [at] : indexesAt(tree, at).map((index) => [...at, index]);
  });
}

function sqlAt(tree: Located, at: Path): Written[] {
  const text = scalarAt(tree, ...at, 'sql');
  return typeof text === 'string' ? [{ path: [...at, 'sql'], text, isPattern: false }] : [];
}

function patternsAt(tree: Located, at: Path): Written[] {
  const node = child(nodeAt(tree, at), 'matches');
  const patterns = node?.kind === 'map' ? plain(node) : {};
  return Object.entries(patterns ?? {}).flatMap(([column, text]) =>
    typeof text === 'string' ? [{ path: [...at, 'matches', column], text, isPattern: true }] : [],
  );
}

async function unreadable(written: readonly Written[], dataset: string): Promise<Finding[]> {
  const [{ Expressions }, { whyNotClosed }] = await Promise.all([
    import('../../duckdb/expressions.ts'),
    import('../../duckdb/closed-select.ts'),
  ]);
  const expressions = await Expressions.open();
  const findings: Finding[] = [];
  try {
    for (const { path, text, isPattern } of written) {
      const why = isPattern
        ? await expressions.whyNoPattern(text)
        : whyNotClosed(await expressions.serialized(text), dataset);
      const expected = isPattern ? 'expected a regular expression' : 'expected a `select`';
      if (why !== undefined) findings.push({ path, message: `${expected}: \`${text.slice(0, 60).trim()}\` ${why}` });
    }
  } finally {
    expressions.close();
  }
  return findings;
}
