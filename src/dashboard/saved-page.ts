import { asPipelineError } from '../errors.ts';
import { describeTable } from '../inspection/listed-tables.ts';
import { isoTime } from '../text/iso-time.ts';
import { plainLines } from '../text/plain-text.ts';
import { dataView } from './data-view.ts';
import { pageDocument } from './page-document.ts';
import type { Project } from './project.ts';
import { schemaView } from './schema-view.ts';
import { viewNames, views } from './views.ts';

/** What a page shows that asks nobody. */
export interface Saved {
  /** ISO 8601, UTC. */
  readonly at: string;
  /**
   * By what a page that is served asks for: `runs.json`, `data.json?table=models`. What is chosen in a view has only the members
   * that are its own.
   */
  readonly answers: Readonly<Record<string, SavedAnswer>>;
}

type SavedAnswer = { readonly data: object } | { readonly failure: Told };

interface Told {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
}

/** The page with its data in it: one document that needs nothing else. Tables have their newest rows alone. */
export async function savedPage(project: Project): Promise<string> {
  const answers: Record<string, SavedAnswer> = {};
  const signal = new AbortController().signal;
  for (const view of viewNames) {
    answers[`${view}.json`] = await answerOf(() => views[view](project, new URLSearchParams(), signal));
  }
  for (const name of await tableNames(project)) Object.assign(answers, await answersOfTable(project, name, signal));
  const saved: Saved = { at: isoTime(project.effects.now()), answers };
  const title = project.placed.config.pipeline.name;
  return (await pageDocument({ title, saved })).html;
}

// --- internal ---

const MOST_TABLES = 60;
const MOST = { rows: 50, bytes: 60_000 };

async function tableNames(project: Project): Promise<readonly string[]> {
  const { tables } = await schemaView(project, new URLSearchParams()).catch(() => ({ tables: null }));
  return (tables ?? [])
    .filter(({ isBook }) => !isBook)
    .map(({ name }) => name)
    .slice(0, MOST_TABLES);
}

async function answersOfTable(
  project: Project,
  name: string,
  signal: AbortSignal,
): Promise<Record<string, SavedAnswer>> {
  const asked = new URLSearchParams({ table: name });
  const table = await describeTable(project.placed.config, name, project.effects).catch(() => null);
  const isRoot = table?.columns.some((column) => column.name === '_dlt_load_id') ?? false;
  const newest = new URLSearchParams({ ...Object.fromEntries(asked), ...(isRoot && { order: '-_dlt_load_id' }) });
  return {
    [`schema.json?${asked}`]: { data: { table } },
    [`data.json?${asked}`]: await answerOf(async () => {
      const { tables: _, ...rows } = await dataView(project, newest, signal, MOST);
      return rows;
    }),
  };
}

async function answerOf(ask: () => Promise<object>): Promise<SavedAnswer> {
  try {
    return { data: await ask() };
  } catch (thrown) {
    const { code, message, hint } = asPipelineError(thrown);
    return { failure: { code, message: plainLines(message), hint: plainLines(hint) } };
  }
}
