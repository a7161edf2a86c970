import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from './repository.ts';

/** The README and `docs/`, by their path from the root. */
export const documents: ReadonlyMap<string, string> = new Map(
  ['README.md', ...readdirSync(join(projectRoot, 'docs')).map((name) => `docs/${name}`)].map((path) => [
    path,
    readFileSync(join(projectRoot, path), 'utf8'),
  ]),
);

/** Fenced blocks of one language, document by document, in order. */
export function blocks(language: string): string[] {
  return [...documents.values()].flatMap((text) => blocksIn(text, language));
}

/** The same of one document. */
export function blocksIn(text: string, language: string): string[] {
  const fence = new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm');
  return [...text.matchAll(fence)].map(([, block = '']) => block);
}

/** What a text links to that is no address: a path, an anchor, or both. */
export function linksIn(text: string): { path: string; anchor: string }[] {
  const links = [...text.replace(/^```[\s\S]*?^```$/gm, '').matchAll(/\]\(((?!https?:)[^)\s]+)\)/g)];
  return links.map(([, link = '']) => {
    const [path = '', anchor = ''] = link.split('#');
    return { path, anchor };
  });
}
