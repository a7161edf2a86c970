import { Document, type YAMLMap } from 'yaml';
import type { DraftedSource } from '../openapi/drafted-source.ts';
import { count } from '../text/count.ts';
import { printable } from '../text/printable.ts';
import { authYaml, secretHeaders } from './auth-yaml.ts';
import { CommentedMap, paragraphs } from './commented-map.ts';
import { resourceYaml } from './resource-yaml.ts';

/**
 * A configuration with every guess and its reason. The same draft gives the same bytes.
 *
 * @param schema where editors find the JSON Schema, as the file names it
 */
export function sourceYaml(draft: DraftedSource, schema: string): string {
  const document = new Document();
  document.contents = new CommentedMap().set('pipeline', pipelineOf(draft)).set('source', sourceOf(draft)).end();
  const body = document.toString({ lineWidth: 0, flowCollectionPadding: true });
  return `# yaml-language-server: $schema=${schema}\n${headOf(draft)}\n\n${body}`;
}

// --- internal ---

function headOf(draft: DraftedSource): string {
  const { resources, title, notes } = draft;
  const selected = resources.filter(({ whyNot }) => whyNot === undefined).length;
  const lines = [
    '',
    `From the OpenAPI document${title === '' ? '' : ` of ${title}`}: ${count(resources.length, 'resource')}, of which a run loads ${selected}.`,
    'What the document does not say outright is a guess, with its reason above it. `npx dezgo-elt check` asks for one page of each.',
    ...notes,
  ];
  return lines.map((line) => `# ${printable(line, 400)}`.trimEnd()).join('\n');
}

function pipelineOf({ name }: DraftedSource): YAMLMap {
  return new CommentedMap()
    .set('name', `${name}_pipeline`)
    .set('dataset_name', `${name}_data`)
    .set('destination', new CommentedMap().set('type', 'duckdb').set('path', `${name}_pipeline.duckdb`).flow())
    .end();
}

function sourceOf({ name, baseUrl, auth, resources }: DraftedSource): YAMLMap {
  const client = new CommentedMap();
  for (const other of baseUrl.others) client.say(`or ${other}`);
  client.set('base_url', baseUrl.value, guessed(baseUrl.why));
  for (const note of auth.notes) client.say(note);
  if (auth.headers.size > 0) client.set('headers', secretHeaders(auth));
  if (auth.keys === undefined)
    client.say('auth: the document names none. { type: bearer, token: { secret: token } } is one.');
  else client.set('auth', authYaml(auth), auth.why);
  return new CommentedMap()
    .set('name', `${name}_source`)
    .set('client', client.end())
    .set(
      'resources',
      paragraphs(resources.map((resource) => ({ line: resource.request, map: resourceYaml(resource) }))),
    )
    .end();
}

function guessed(why: string | undefined): string | undefined {
  return why === undefined ? undefined : `a guess: ${why}`;
}
