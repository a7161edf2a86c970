import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { ConfigFileInput } from '../../src/config/grammar/config-schema.ts';
import { realEffects, runPipeline } from '../../src/index.ts';
import { query } from '../support/published.ts';
import { sendJson, useServer } from '../support/server.ts';
import { shared } from '../support/shared.ts';
import { tempFolder } from '../support/temp-folder.ts';

type Resource = Exclude<ConfigFileInput['source']['resources'][number], string>;
type Endpoint = Exclude<Resource['endpoint'], string | undefined>;

interface Case {
  readonly resource: Omit<Resource, 'name'>;
  /** What the paths below the name of the case answer in the second night; a number is a status. In the first, all is there. */
  readonly answers: Readonly<Record<string, unknown>>;
  /** Rows that are marked after it. */
  readonly marked: readonly number[];
  readonly notes?: readonly string[];
}

const list = (...ids: number[]) => ids.map((id) => ({ id, isOld: false }));
const all = list(1, 2, 3);
const pages: Endpoint = { data_selector: 'items', paginator: { type: 'page_number', total_path: 'pages' } };
const ofTwo: Endpoint = { path: 'of-two/{of}', params: { of: { type: 'values', from: [{ list: ['a', 'b'] }] } } };
const ignore404: Endpoint = { response_actions: [{ status_code: 404, action: 'ignore' }] };
const stays = 'rows that did not come stay as they are (`delete_missing`): ';
const unread = `${stays}it was not read whole`;

const cases: Readonly<Record<string, Case>> = {
  'a list': { resource: {}, answers: { '': list(1, 3) }, marked: [2] },
  'an empty list': { resource: {}, answers: { '': [] }, marked: [1, 2, 3] },
  'two pages': {
    resource: { endpoint: pages },
    answers: { '?page=0': { items: list(1), pages: 2 }, '?page=1': { items: list(3), pages: 2 } },
    marked: [2],
  },
  'a list that a fallback answers': {
    resource: { endpoint: { fallbacks: [{ path: 'other' }] } },
    answers: { '': 404, other: list(1, 2) },
    marked: [3],
  },
  'a list of which steps keep less': {
    resource: { processing_steps: [{ filter: 'not isOld' }] },
    answers: { '': [...list(1, 3), { id: 2, isOld: true }] },
    marked: [2],
  },
  'lists of all values': { resource: { endpoint: ofTwo }, answers: { a: list(1), b: list(2) }, marked: [3] },
  parents: { resource: {}, answers: { '': list(1, 3) }, marked: [2] },
  'children of a parent that is gone': {
    resource: { endpoint: { path: 'of/{resources.parents.id}' } },
    answers: { 1: list(1), 3: list(3) },
    marked: [2],
  },
  some_parents: { resource: {}, answers: { '': { items: list(1), next: 2 } }, marked: [], notes: [unread] },
  'children of parents of which some were read': {
    resource: { endpoint: { path: 'of/{resources.some_parents.id}' } },
    answers: { 1: list(1) },
    marked: [],
    notes: [`${stays}its parent \`some_parents\` was not read whole`],
  },
  'a page that says that there is more': {
    resource: {},
    answers: { '': { items: list(1), next: 2 } },
    marked: [],
    notes: [unread],
  },
  'as many pages as maximum_pages says': {
    resource: { endpoint: { ...pages, paginator: { type: 'page_number', total_path: 'pages', maximum_pages: 1 } } },
    answers: { '?page=0': { items: list(1), pages: 2 } },
    marked: [],
    notes: [unread],
  },
  'a second page that is ignored': {
    resource: { endpoint: { ...pages, ...ignore404, paginator: { type: 'page_number', total_path: null } } },
    answers: { '?page=0': { items: list(1) }, '?page=1': 404 },
    marked: [],
    notes: [unread],
  },
  'a second page that stops it': {
    resource: { endpoint: { ...pages, response_actions: [{ status_code: 409, action: 'stop' }] } },
    answers: { '?page=0': { items: list(1), pages: 2 }, '?page=1': 409 },
    marked: [],
    notes: [unread],
  },
  'a list of two that is ignored': {
    resource: { endpoint: { ...ofTwo, ...ignore404 } },
    answers: { a: list(1), b: 404 },
    marked: [],
    notes: [unread],
  },
  'a reply that is ignored': { resource: { endpoint: ignore404 }, answers: { '': 404 }, marked: [] },
  'an empty reply': { resource: { endpoint: { allow_empty: true } }, answers: { '': null }, marked: [] },
  'a resource that fails': { resource: {}, answers: { '': 400 }, marked: [] },
  'rows that the contract leaves out': {
    resource: { schema_contract: { columns: 'discard_row' } },
    answers: { '': [...list(1), { id: 2, isOld: false, more: 'x' }] },
    marked: [],
    notes: [`${stays}the schema contract left rows out`],
  },
};

const slug = (name: string) => name.replaceAll(/\W/g, '-').toLowerCase();
const tableOf = (name: string) => `t_${name.replaceAll(/\W/g, '_').toLowerCase()}`;

const nights = shared(async () => {
  const folder = await tempFolder();
  let isSecond = false;
  const server = await useServer(({ path, query: { size }, query: parameters }, response) => {
    const [, of = '', ...rest] = path.split('/');
    const answers = Object.entries(cases).find(([name]) => slug(name) === of)?.[1].answers ?? {};
    const answer = answers[`${rest.join('/')}${size === 0 ? '' : `?${parameters}`}`];
    if (isSecond && typeof answer === 'number') sendJson(response, answer, {});
    else if (isSecond) return answer;
    else if (Number(parameters.get('page') ?? 0) > 0) return { items: [] };
    else return size === 0 ? all : { items: all, pages: 1 };
  });
  const resources = Object.entries(cases).map(([name, { resource }]): Resource => {
    const endpoint = typeof resource.endpoint === 'object' ? resource.endpoint : {};
    const { path = '', fallbacks } = endpoint;
    const below = path.split('/')[1];
    return {
      name,
      table_name: tableOf(name),
      primary_key: 'id',
      write_disposition: { disposition: 'merge', delete_missing: 'soft', max_delete: '100%' },
      ...resource,
      endpoint: {
        ...endpoint,
        path: below === undefined ? slug(name) : `${slug(name)}/${below}`,
        ...(fallbacks && { fallbacks: fallbacks.map(() => ({ path: `${slug(name)}/other` })) }),
      },
    };
  });
  const file = join(folder, 'file.duckdb');
  const config: ConfigFileInput = {
    pipeline: {
      name: 'whole',
      dataset_name: 'data',
      working_dir: join(folder, 'work'),
      destination: { type: 'duckdb', path: file },
      on_resource_failure: 'continue',
    },
    source: { name: 's', client: { base_url: server.url }, resources },
  };
  const effects = { ...realEffects, env: {} };
  expect((await runPipeline(config, { effects })).failure).toBeUndefined();
  isSecond = true;
  const second = await runPipeline(config, { effects });
  const selects = Object.keys(cases).map(
    (name) =>
      `select '${name}' as name, list(id::int order by id) as ids from ${tableOf(name)} where _elt_deleted_at is not null`,
  );
  const rows = await query(file, selects.join(' union all '));
  const marked = rows.map(({ name, ids }) => [String(name), ids === null ? [] : JSON.parse(String(ids))] as const);
  return { second, marked: new Map<string, unknown>(marked) };
});

test.each(Object.entries(cases))('%s', async (name, { marked: expected, notes = [] }) => {
  const { second, marked } = await nights();
  expect(marked.get(name)).toEqual(expected);
  const said = second.resources.find((resource) => resource.name === name)?.notes ?? [];
  expect(said.filter((note) => note.startsWith(stays))).toEqual(notes);
});
