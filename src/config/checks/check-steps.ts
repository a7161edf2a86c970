import { parentField } from '../../text/parent-field.ts';
import { placeholderProblem, placeholders } from '../../text/placeholders.ts';
import { indexesAt, type Located, nodeAt, type Path, plain } from '../file/located-tree.ts';
import type { ResourceConfig } from '../grammar/resource-schema.ts';
import { processingStep } from '../grammar/steps-schema.ts';
import { parentReferences } from '../parents.ts';
import { valuesIn } from './check-texts.ts';
import { cursorTexts } from './cursor-texts.ts';
import { below, type Finding } from './finding.ts';
import type { WrittenExpression } from './written-expression.ts';

/** Names that two keys of a record would share. */
export function checkSteps(tree: Located): Finding[] {
  return stepsIn(tree).flatMap(({ at, step }) => below(at, sharedNames(step)));
}

export function expressionsInSteps(tree: Located): WrittenExpression[] {
  return stepsIn(tree).flatMap(({ at, step }) => sqlIn(step).map(({ path, sql }) => ({ path: [...at, ...path], sql })));
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
      const step = processingStep.safeParse(node === undefined ? undefined : plain(node), { jitless: true }).data;
      return step === undefined ? [] : [{ at: [...list, place], step }];
    });
  });
}

function sqlIn({ filter, set = {} }: Step): WrittenExpression[] {
  const ofSet = Object.entries(set).flatMap(([key, value]) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? [{ path: ['set', key, 'sql'], sql: value.sql }]
      : [],
  );
  return filter === undefined ? ofSet : [{ path: ['filter'], sql: filter }, ...ofSet];
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
