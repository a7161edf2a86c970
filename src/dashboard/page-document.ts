import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { PipelineError } from '../errors.ts';
import { embeddedJson } from './embedded-json.ts';

/** The page as one text: nothing is fetched for it but the data, from where it came. */
export interface PageDocument {
  readonly html: string;
  /** The content security policy that lets it run, and nothing else. */
  readonly policy: string;
}

/**
 * The page as it was built, without data: it asks for them. With `saved` it has all that it shows, asks nobody, and names its policy itself.
 *
 * @throws PipelineError Internal: it was not built
 */
export async function pageDocument({
  title,
  saved,
}: {
  readonly title: string;
  readonly saved?: unknown;
}): Promise<PageDocument> {
  const [script, style] = await Promise.all(['page.js', 'page.css'].map(builtText));
  const hashes = { script: hashOf(script ?? ''), style: hashOf(style ?? '') };
  const policy = policyOf(hashes, saved === undefined ? "'self'" : "'none'");
  const html = [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    ...(saved === undefined ? [] : [`<meta http-equiv="content-security-policy" content="${policy}">`]),
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark">',
    '<meta name="referrer" content="no-referrer">',
    '<meta name="robots" content="noindex">',
    `<title>${escapedText(title)}</title>`,
    `<link rel="icon" href="${icon}">`,
    `<style>${style}</style>`,
    `<script type="module">${script}</script>`,
    '</head>',
    '<body>',
    '<div id="page"><noscript>This page needs JavaScript. Without it: <code>dezgo-elt info</code>.</noscript></div>',
    ...(saved === undefined ? [] : [`<script type="application/json" id="saved">${embeddedJson(saved)}</script>`]),
    '</body>',
    '</html>',
    '',
  ].join('\n');
  return { html, policy: `${policy}; frame-ancestors 'none'` };
}

// --- internal ---

const icon =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Cpath fill='%230f766e' d='M1 9h3v6H1zm5.5-5h3v11h-3zM12 1h3v14h-3z'/%3E%3C/svg%3E";

function policyOf({ script, style }: { readonly script: string; readonly style: string }, connect: string): string {
  return [
    "default-src 'none'",
    `script-src '${script}'`,
    `style-src '${style}'`,
    'img-src data:',
    `connect-src ${connect}`,
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ');
}

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}

async function builtText(name: string): Promise<string> {
  const path = fileURLToPath(new URL(`../../dist/page/${name}`, import.meta.url));
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new PipelineError({
      code: 'Internal',
      message: `The page of the dashboard was not built: \`${name}\` is missing.`,
      hint: 'Build it: npm run build.',
      cause,
    });
  }
}

function escapedText(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
