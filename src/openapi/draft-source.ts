import { PipelineError } from '../errors.ts';
import { count } from '../text/count.ts';
import { printable } from '../text/printable.ts';
import { apiDocument } from './api-document.ts';
import { baseUrlOf } from './base-url.ts';
import { draftResource } from './draft-resource.ts';
import type { DraftedResource, DraftedSource } from './drafted-source.ts';
import { Parents } from './find-parents.ts';
import { guessAuth } from './guess-auth.ts';
import type { Node } from './json-node.ts';
import { type LookedOperation, lookedOperation, type Samples } from './looked-operation.ts';
import { resourceWord } from './name-words.ts';
import { isParameter, MOST_GETS, operationsOf, pathParameters } from './operations.ts';
import { ResourceNames } from './resource-names.ts';

export interface DraftOptions {
  /** What messages call the document. */
  readonly from: string;
  /** Where it was had, if from the web. */
  readonly origin?: string | undefined;
  /** What really came, by the name of the resource: it is believed instead of the document. */
  readonly samples?: Samples;
}

/**
 * The GETs of an OpenAPI document as resources. The same document gives the same draft.
 *
 * @throws PipelineError UsageInvalid: it is no OpenAPI 3 document, or nothing in it can be requested by GET
 */
export function draftSource(root: Node, { from, origin, samples = new Map() }: DraftOptions): DraftedSource {
  const document = apiDocument(root, from);
  const { schemas, references, title } = document;
  const { gets, beyond, others, odd } = operationsOf(document);
  if (gets.length === 0) throw nothingToAsk(from, references.external);
  const auth = guessAuth(document, gets);
  const names = new ResourceNames();
  const all = gets.map((operation) => lookedOperation(schemas, operation, names, samples));
  const byName = new Map(all.map((one) => [one.name, one]));
  const parents = new Parents(schemas, all);
  const keyParameters = oneRecordParameters(all, parents);
  const drafts = new Map<string, DraftedResource>();
  const drafted = (one: LookedOperation): DraftedResource => {
    const known = drafts.get(one.name);
    if (known !== undefined) return known;
    const family = parents.of(one);
    const parent = byName.get(family.parent ?? '');
    const draft = draftResource(one, {
      schemas,
      auth,
      family,
      parent: parent && drafted(parent),
      parentFields: new Set(parent?.item.properties.keys()),
      keyParameter: keyParameters.get(one.name),
    });
    drafts.set(one.name, draft);
    return draft;
  };
  return {
    title: printable(title, 100),
    name: sourceName(title),
    baseUrl: baseUrlOf(document, origin),
    auth,
    resources: all.map(drafted),
    notes: [
      ...left(others, 'operation', 'with another method than GET: it may change something, or cost money'),
      ...left(beyond, 'GET', `beyond the first ${MOST_GETS}`),
      ...left(odd.length, 'path', `not asked for as it is written: ${shown(odd)}`),
      ...left(
        references.external.length,
        'reference',
        `to another document, which was not fetched: ${shown(references.external)}`,
      ),
      ...left(references.broken.length, 'reference', `leading nowhere or in a circle: ${shown(references.broken)}`),
    ],
  };
}

// --- internal ---

const LONGEST_NAME = 40;
const MOST_SHOWN = 3;

/** Of lists, the parameter by which the document asks for one of their records: `login` of `/users/{login}`. */
function oneRecordParameters(all: readonly LookedOperation[], parents: Parents): Map<string, string> {
  const found = new Map<string, string>();
  for (const { operation } of all) {
    const { segments } = operation;
    const [name] = pathParameters(segments.at(-1) ?? '');
    if (name === undefined || !isParameter(segments.at(-1))) continue;
    const list = parents.collectionOf(segments, segments.length - 1);
    if (list !== undefined && !found.has(list.name)) found.set(list.name, name);
  }
  return found;
}

function sourceName(title: string): string {
  const whole = resourceWord(title);
  const cut = whole.slice(0, LONGEST_NAME);
  const words = whole.length > LONGEST_NAME && cut.includes('_') ? cut.slice(0, cut.lastIndexOf('_')) : cut;
  if (words === '') return 'my_api';
  return /^[a-z]/.test(words) ? words : `api_${words}`;
}

function left(many: number, noun: string, what: string): string[] {
  return many <= 0 ? [] : [`${count(many, noun)} left out, ${what}`];
}

function shown(names: readonly string[]): string {
  const first = names.slice(0, MOST_SHOWN).map((name) => printable(name, 80));
  return names.length > MOST_SHOWN ? `${first.join(', ')}, …` : first.join(', ');
}

function nothingToAsk(from: string, external: readonly string[]): PipelineError {
  const why =
    external.length === 0 ? '' : `; its paths are in other documents, which are not fetched: ${shown(external)}`;
  return new PipelineError({
    code: 'UsageInvalid',
    message: `${printable(from)} has no GET operation${why}.`,
    hint:
      external.length === 0
        ? 'What changes something is never loaded. Write the resources yourself: docs/rest-apis.md.'
        : 'Put it together into one document first: npx @redocly/cli bundle FILE.',
  });
}
