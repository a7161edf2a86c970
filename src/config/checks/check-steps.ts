import { parentField } from '../../text/parent-field.ts';
import { placeholderProblem, placeholders } from '../../text/placeholders.ts';
import { indexesAt, type Located, nodeAt, type Path, plain } from '../file/located-tree.ts';
import type { ResourceConfig } from '../grammar/resource-schema.ts';
import { processingStep } from '../grammar/steps-schema.ts';
import { parentReferences } from '../parents.ts';
import { valuesIn } from './check-texts.ts';
import { cursorTexts } from './cursor-texts.ts';
import type { Finding } from './finding.ts';

/** SQL of `processing_steps` that DuckDB cannot read, and names that two keys would share. DuckDB is loaded only where there is SQL. */
export async function checkSteps(tree: Located): Promise<Finding[]> {
  const steps = stepsIn(tree);
  const texts = steps.flatMap(({ at, step }) => sqlIn(step).map(({ path, sql }) => ({ path: [...at, ...path], sql })));
  const shared = steps.flatMap(({ at, step }) =>
    sharedNames(step).map((finding) => ({ ...finding, path: [...at, ...finding.path] })),
  );
  return [...shared, ...(texts.length === 0 ? [] : await unreadable(texts))];
}

/** Placeholders in what `set` gives to records: they stand for what the requests of the endpoint are made of. */
export function checkSetTexts({ processing_steps: steps = [], endpoint }: ResourceConfig): Finding[] {
  const known = new Set([...valuesIn(endpoint?.params), ...parentReferences(endpoint).map(({ key }) => key)]);
  const cursor = cursorTexts(endpoint ?? {});
  return steps.flatMap(({ set = {} }, index) =>
    Object.entries(set).flatMap(([key, value]) => {
      const message = typeof value === 'string' ? (setProblem(value, known) ?? cursor.problem(value, true)) : undefined;
      return message === undefined ? [] : [{ path: ['processing_steps', index, 'set', key], message }];
    }),
  );
}

// --- internal ---

function setProblem(text: string, known: ReadonlySet<string>): string | undefined {
  const other = placeholders(text).find((name) => !known.has(name) && parentField(name) !== undefined);
  if (other === undefined) return placeholderProblem(text, known);
  return `\`{${other}}\` stands nowhere in \`endpoint\`: expected \`include_from_parent: [{ from: ${parentField(other)?.field}, as: … }]\``;
}

type Step = (typeof processingStep)['_zod']['output'];

/** Those that are right but for their SQL. */
function stepsIn(tree: Located): { readonly at: Path; readonly step: Step }[] {
  const resources = ['source', 'resources'];
  return indexesAt(tree, resources).flatMap((index) => {
    const list = [...resources, index, 'processing_steps'];
    return indexesAt(tree, list).flatMap((place) => {
      const node = nodeAt(tree, [...list, place]);
      const step = processingStep.safeParse(node === undefined ? undefined : plain(node)).data;
      return step === undefined ? [] : [{ at: [...list, place], step }];
    });
  });
}

function sqlIn({ filter, set = {} }: Step): { readonly path: Path; readonly sql: string }[] {
  const ofSet = Object.entries(set).flatMap(([key, value]) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? [{ path: ['set', key, 'sql'], sql: value.sql }]
      : [],
  );
  return filter === undefined ? ofSet : [{ path: ['filter'], sql: filter }, ...ofSet];
}

async function unreadable(texts: readonly { readonly path: Path; readonly sql: string }[]): Promise<Finding[]> {
  const [{ Expressions }, { NoExpression }] = await Promise.all([
    import('../../duckdb/expressions.ts'),
    import('../../duckdb/expression.ts'),
  ]);
  const expressions = await Expressions.open();
  const findings: Finding[] = [];
  try {
    for (const { path, sql } of texts) {
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

function sharedNames({ rename = {} }: Step): Finding[] {
  const owners = new Map<string, string>();
  return Object.entries(rename).flatMap(([key, name]) => {
    const owner = owners.get(name);
    owners.set(name, owner ?? key);
    return owner === undefined
      ? []
      : [{ path: ['rename', key], message: `\`${owner}\` is already called \`${name}\`` }];
  });
}
