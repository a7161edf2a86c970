import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { expect, test } from 'vitest';
import { documents, linksIn } from './support/documents.ts';
import { projectRoot } from './support/repository.ts';

const examples = ['dezgo', 'dezgo-rapidapi', 'segmind'].map((name) => `examples/${name}/README.md`);
const others = ['CHANGELOG.md', '.github/CONTRIBUTING.md', 'test/README.md', ...examples];
const texts = [...documents, ...others.map((path) => [path, read(path)] as const)];

function read(path: string): string {
  return readFileSync(join(projectRoot, path), 'utf8');
}

/** The anchors that GitHub makes of the headings. */
function anchorsOf(text: string): string[] {
  const headings = [...text.replace(/^```[\s\S]*?^```$/gm, '').matchAll(/^#+ (.*)$/gm)].map(([, title = '']) => title);
  return headings.map((title) =>
    title
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

test('every link from document to document leads somewhere', () => {
  const links = texts.flatMap(([from, text]) =>
    linksIn(text).map(({ path, anchor }) => ({
      from,
      to: path === '' ? from : normalize(join(dirname(from), path)),
      anchor,
    })),
  );
  expect(links.length).toBeGreaterThan(10);
  const missing = links.filter(({ to }) => !existsSync(join(projectRoot, to)));
  expect(missing).toEqual([]);
  const lost = links.filter(({ to, anchor }) => anchor !== '' && !anchorsOf(read(to)).includes(anchor));
  expect(lost).toEqual([]);
});

test('every page of docs/ is linked from the README', () => {
  const linked = linksIn(read('README.md')).map(({ path }) => path);
  expect([...documents.keys()].filter((path) => path !== 'README.md' && !linked.includes(path))).toEqual([]);
});
