import { expect, test } from 'vitest';
import { problems, withResources } from './loading.ts';

test.each<[string, string]>([
  ['format: cvs', 'expected one of `auto`, `json`, `jsonl`, `csv`, `text`, `binary`'],
  ['csv: { delimiter: ";;" }', '.csv.delimiter  expected one character'],
  ["csv: { delimiter: '\"' }", '.csv.delimiter  expected one character'],
  ['csv: { encoding: latin-77 }', '.csv.encoding  expected the name of an encoding'],
  ['csv: { header: [] }', '.csv.header  expected a list of at least 1 item'],
  ['csv: { seperator: ";" }', 'unknown key'],
  ['store: blob', 'expected one of `files`, `column`'],
  ['format: json, store: column', '.store  is for images and other binary replies, not for `json`'],
  ['csv: {}, store: files', '.store  is for images and other binary replies, not for `csv`'],
  ['data_selector: data, store: files', 'not for JSON, of which `data_selector` is a part'],
  [
    'format: binary, data_selector: data',
    '.data_selector  nothing is selected from a binary reply: expected `$`, or none',
  ],
  [
    'format: binary, paginator: { type: cursor }',
    '.paginator  `cursor` finds the next page in JSON, which a `binary` reply is not: expected `single_page`',
  ],
  ['format: text, paginator: json_link', '.paginator  `json_link` finds the next page in JSON, which a `text` reply'],
  ['format: binary, csv: {}', '.csv  goes with `format: csv`, not with `binary`'],
  ['format: json, csv: { header: false }', '.csv  goes with `format: csv`, not with `json`'],
])('of %s, validate says %s', async (line, message) => {
  const found = await problems(withResources(`- { name: a, endpoint: { ${line} } }`));
  expect(found.join('\n')).toContain(message);
  expect(found[0]).toMatch(/^pipeline\.config\.yaml:6:\d+ {2}/);
});
