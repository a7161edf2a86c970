import type { Located } from '../file/located-tree.ts';
import { expressionsInCosts } from './check-costs.ts';
import { expressionsInPolls } from './check-poll.ts';
import { expressionsInSteps } from './check-steps.ts';
import type { Finding } from './finding.ts';
import type { WrittenExpression } from './written-expression.ts';

/** SQL that DuckDB cannot read. DuckDB is loaded only where there is SQL. */
export async function checkExpressions(tree: Located): Promise<Finding[]> {
  const written = [...expressionsInSteps(tree), ...expressionsInPolls(tree), ...expressionsInCosts(tree)];
  return written.length === 0 ? [] : unreadable(written);
}

// --- internal ---

async function unreadable(written: readonly WrittenExpression[]): Promise<Finding[]> {
  const [{ Expressions }, { NoExpression }] = await Promise.all([
    import('../../duckdb/expressions.ts'),
    import('../../duckdb/expression.ts'),
  ]);
  const expressions = await Expressions.open();
  const findings: Finding[] = [];
  try {
    for (const { path, sql } of written) {
      await expressions.parse(sql).catch((error: unknown) => {
        if (!(error instanceof NoExpression)) throw error;
        findings.push({ path, message: `expected a SQL expression: \`${sql.slice(0, 60)}\` ${error.message}` });
      });
    }
  } finally {
    expressions.close();
  }
  return findings;
}
