import { selectorProblem } from '../../json-path/json-path-syntax.ts';
import { pathSteps } from '../../json-path/path-steps.ts';
import { didYouMean } from '../../text/nearest.ts';
import type { Path } from '../file/located-tree.ts';
import type { ResourceConfig } from '../grammar/resource-schema.ts';
import { includedName, type ParentReference, parentReferences, pathOf } from '../parents.ts';
import type { CheckedParts } from './checked-parts.ts';
import { below, type Finding } from './finding.ts';

type Resources = CheckedParts['resources'];

/** What is wrong between resources and their parents. */
export function checkParents(resources: Resources): Finding[] {
  return [
    ...checkEach(resources, ({ endpoint }) => below(['endpoint'], checkParent(endpoint, resources))),
    ...checkEach(resources, checkIncluded),
    ...checkCycles(resources),
  ];
}

/** JSONPaths into the records of parents that are none. */
export async function checkParentFields(resources: Resources): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const { path, expression } of fieldsOf(resources)) {
    const message = await selectorProblem(expression);
    if (message !== undefined) findings.push({ path, message });
  }
  return findings;
}

// --- internal ---

function checkEach(resources: Resources, check: (resource: ResourceConfig) => Finding[]): Finding[] {
  return resources.flatMap(({ checked }, index) =>
    checked === undefined ? [] : below(['source', 'resources', index], check(checked)),
  );
}

function checkParent(endpoint: ResourceConfig['endpoint'], resources: Resources): Finding[] {
  const references = parentReferences(endpoint);
  const [first] = references;
  if (first === undefined) return [];
  const names = new Set(resources.flatMap(({ name }) => name ?? []));
  const unknown = uniqueParents(references).filter(({ resource }) => !names.has(resource));
  const other = references.find(({ resource }) => resource !== first.resource);
  const [several, ...more] = references.filter(({ field }) => pathSteps(field) === undefined);
  const second = more.find(({ field }) => field !== several?.field);
  return [
    ...unknown.map((reference) => ({
      path: placeOf(reference, 'resource'),
      message: `there is no resource \`${reference.resource}\`${didYouMean(reference.resource, names)}`,
    })),
    ...(other === undefined
      ? []
      : [
          {
            path: other.path,
            message: `a second parent: expected fields of one resource, got \`${first.resource}\` and \`${other.resource}\``,
          },
        ]),
    ...(several === undefined || second === undefined
      ? []
      : [
          {
            path: second.path,
            message: `two fields with several values each, \`${several.field}\` and \`${second.field}\`: expected one`,
          },
        ]),
  ];
}

function uniqueParents(references: readonly ParentReference[]): ParentReference[] {
  return references.filter(
    ({ resource }, index) => references.findIndex((reference) => reference.resource === resource) === index,
  );
}

/** Of `type: resolve`, the key of it; else the text that the placeholder stands in. */
function placeOf({ key, path }: ParentReference, ofResolve: 'resource' | 'field'): Path {
  return key === path.at(-1) ? [...path, ofResolve] : path;
}

function checkIncluded({ endpoint, include_from_parent: included }: ResourceConfig): Finding[] {
  if (included === undefined) return [];
  const parent = parentReferences(endpoint)[0]?.resource;
  if (parent === undefined) {
    const message = 'there is no parent: no text of `endpoint` names one as `{resources.<name>.<field>}`';
    return [{ path: ['include_from_parent'], message }];
  }
  const names = new Set<string>();
  return included.flatMap((entry, index) => {
    const path = ['include_from_parent', index];
    const name = includedName(parent, entry);
    const isTwice = names.has(name);
    names.add(name);
    if (pathSteps(pathOf(entry)) === undefined)
      return [{ path, message: `expected the path to one value, such as \`author.name\`, got \`${pathOf(entry)}\`` }];
    return isTwice ? [{ path, message: `\`${name}\` is already there` }] : [];
  });
}

/** Each cycle once, where its first resource in the file names its parent. */
function checkCycles(resources: Resources): Finding[] {
  const references = new Map<string, ParentReference>();
  for (const { name, checked } of resources) {
    const [reference] = parentReferences(checked?.endpoint);
    if (name !== undefined && reference !== undefined) references.set(name, reference);
  }
  const told = new Set<string>();
  return resources.flatMap(({ name = '' }, index) => {
    const cycle = told.has(name) ? undefined : cycleFrom(name, references);
    const reference = references.get(name);
    if (cycle === undefined || reference === undefined) return [];
    for (const member of cycle) told.add(member);
    const way = [...cycle, name].map((member) => `\`${member}\``).join(' → ');
    const message =
      cycle.length === 1 ? `\`${name}\` cannot be its own parent` : `parents in a circle: ${way}, each needs the next`;
    return [{ path: ['source', 'resources', index, 'endpoint', ...reference.path], message }];
  });
}

function cycleFrom(start: string, references: ReadonlyMap<string, ParentReference>): string[] | undefined {
  const way = new Set<string>();
  for (let at: string | undefined = start; at !== undefined; at = references.get(at)?.resource) {
    if (way.has(at)) return at === start ? [...way] : undefined;
    way.add(at);
  }
  return undefined;
}

function fieldsOf(resources: Resources): { readonly path: Path; readonly expression: string }[] {
  return resources.flatMap(({ checked }, index) => {
    const at = ['source', 'resources', index];
    const references = parentReferences(checked?.endpoint).map((reference) => ({
      path: [...at, 'endpoint', ...placeOf(reference, 'field')],
      expression: reference.field,
    }));
    const included = (checked?.include_from_parent ?? []).flatMap((entry, place) =>
      pathSteps(pathOf(entry)) === undefined
        ? []
        : [{ path: [...at, 'include_from_parent', place], expression: pathOf(entry) }],
    );
    return [...references, ...included];
  });
}
