import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, onTestFinished } from 'vitest';

/** Milliseconds. */
const PATIENCE = 20_000;

let browser: Promise<Browser> | undefined;

/** One for all tests of a file. */
export function useBrowser(): () => Promise<Browser> {
  afterAll(async () => {
    await (await browser)?.close();
    browser = undefined;
  });
  return () => {
    // Root has no sandbox, and what is looked at here is ours.
    browser ??= chromium.launch({ executablePath: process.env.CHROMIUM ?? 'chromium', args: ['--no-sandbox'] });
    return browser;
  };
}

/** A window with what happened in it. */
export interface Watched {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Errors and warnings of the console, exceptions, dialogs. */
  readonly troubles: readonly string[];
  /** Addresses that were asked, in their order, with what was answered. */
  readonly asked: readonly { readonly url: string; readonly status: number }[];
}

export async function openWindow(browser: Browser, options: BrowserContextOptions = {}): Promise<Watched> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  onTestFinished(() => context.close());
  context.setDefaultTimeout(PATIENCE);
  const page = await context.newPage();
  const troubles: string[] = [];
  const asked: { url: string; status: number }[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) troubles.push(`${message.type()}: ${message.text()}`);
  });
  page.on('pageerror', (error) => troubles.push(String(error)));
  page.on('dialog', (dialog) => {
    troubles.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  context.on('response', (reply) => asked.push({ url: reply.url(), status: reply.status() }));
  context.on('requestfailed', (request) => asked.push({ url: request.url(), status: 0 }));
  return { page, context, troubles, asked };
}
