import { csvForm } from './csv-form.ts';
import { jsonForm, jsonLinesForm } from './json-forms.ts';
import { markdownForm } from './markdown-form.ts';
import type { RowForm } from './row-form.ts';
import { tableForm } from './table-form.ts';

/** Every form of rows as text, by its name on the command line. */
export const rowForms = {
  table: tableForm,
  csv: csvForm,
  json: jsonForm,
  jsonl: jsonLinesForm,
  markdown: markdownForm,
} as const satisfies Record<string, RowForm>;
