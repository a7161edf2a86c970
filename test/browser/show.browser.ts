import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { viewNames } from '../../src/dashboard/views.ts';
import { useDashboard } from '../support/dashboard.ts';
import { type Project, smallProject } from '../support/project.ts';
import { useServer } from '../support/server.ts';
import { shared } from '../support/shared.ts';
import { openWindow, useBrowser } from './chromium.ts';

const browser = useBrowser();

/** What an API may send to whoever looks at it. */
const hostile = `</script><img src=x onerror="alert('run')"> \u2028 =1+1`;

const shop = shared(async () => {
  const rows = [
    { id: 1, name: hostile, price: 1.5, tags: ['red', hostile] },
    { id: 2, name: 'plain', price: 2.25, tags: [] },
  ];
  let isWell = true;
  const server = await useServer(({ path }) => (path === '/models' && isWell ? { data: rows } : undefined));
  const project = await smallProject(server.url, {
    resources: [
      {
        name: 'models',
        primary_key: 'id',
        write_disposition: 'merge',
        description: hostile,
        endpoint: { path: 'models', data_selector: 'data' },
        columns: { name: { description: hostile } },
      },
    ],
  });
  for (let run = 0; run < 4; run++) await project.run();
  isWell = false;
  await project.run();
  isWell = true;
  return { project, rows };
});

const served = shared(async () => useDashboard((await shop()).project));

async function seen(page: Page): Promise<void> {
  await page.waitForSelector('main h1');
  await page.waitForSelector('.strip');
  await page.waitForSelector('[aria-busy]', { state: 'detached' });
}

async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate<{ violations: { id: string; nodes: { html: string }[] }[] }>('axe.run()');
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
}

describe.each([
  ['light', { colorScheme: 'light' }],
  ['dark', { colorScheme: 'dark' }],
  ['on a phone', { viewport: { width: 360, height: 740 }, reducedMotion: 'reduce' }],
] as const)('every view, %s,', (_, options) => {
  test('shows, fits, asks nobody else, says nothing on the console, and can be read by everybody', async () => {
    const { url } = await served();
    const { page, troubles, asked } = await openWindow(await browser(), options);
    for (const view of viewNames) {
      await page.goto(`${url}${view}`);
      await seen(page);
      const found = {
        view,
        headings: await page.locator('h1').count(),
        failures: await page.locator('.notice code').allTextContents(),
        tooWide: await page.evaluate(() => document.documentElement.scrollWidth > innerWidth),
        violations: await violations(page),
        troubles: [...troubles],
        // Whoever leaves a view waits for its data no longer: that has no status.
        others: asked.filter((one) => !one.url.startsWith(url) || ![200, 0].includes(one.status)),
      };
      const failures = view === 'freshness' ? ['ReplyUnusable'] : [];
      expect(found).toEqual({ view, headings: 1, failures, tooWide: false, violations: [], troubles: [], others: [] });
    }
  });
});

test('who has no mouse goes from view to view, and asks with SQL', async () => {
  const { url } = await served();
  const { page, troubles } = await openWindow(await browser());
  await page.goto(`${url}data`);
  await seen(page);
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  expect(await page.evaluate(() => document.activeElement?.id)).toBe('main');
  await page.focus('#sql');
  await page.fill('#sql', 'select 6 * 7 as answer');
  await page.keyboard.press('Control+Enter');
  await page.waitForSelector('td:has-text("42")');
  await page.goBack();
  await page.waitForSelector('h2:has-text("models")');
  await page.getByRole('link', { name: 'models__tags' }).first().click();
  await page.waitForSelector('h2:has-text("models__tags")');
  await page.getByLabel('Column').selectOption('value');
  await page.getByPlaceholder('value').fill('red');
  await page.keyboard.press('Enter');
  await page.waitForSelector('.filters li');
  expect(await page.inputValue('#sql')).toContain(`where "value" = 'red'`);
  expect(troubles).toEqual([]);
});

test('a page that was written to a file shows all of it, from the disk, and asks nobody', async () => {
  const { project } = await shop();
  expect((await project.run(['show', '--once', 'page.html'])).code).toBe(0);
  const { page, troubles, asked } = await openWindow(await browser());
  const file = pathToFileURL(join(project.cwd, 'page.html')).href;
  await page.goto(file);
  for (const view of viewNames) {
    await page.getByRole('navigation', { name: 'Views' }).getByRole('link').nth(viewNames.indexOf(view)).click();
    await page.waitForURL(`${file}#${view}`);
    await seen(page);
    expect(await violations(page)).toEqual([]);
  }
  await page.goto(`${file}#data?table=models`);
  await page.waitForSelector('td:has-text("plain")');
  expect(troubles).toEqual([]);
  expect(asked.filter((one) => !one.url.startsWith('file:'))).toEqual([]);
});

test('a page of another port in the same browser gets nothing', async () => {
  const { url } = await served();
  const other = await useServer((_, response) => {
    response.writeHead(200, { 'content-type': 'text/html' });
    response.end('<!doctype html><title>other</title><body>');
    return undefined;
  });
  const { page, asked } = await openWindow(await browser());
  await page.goto(other.url);
  const data = `${url}freshness.json`;
  const got = await page.evaluate(async (address) => {
    const answers = [
      fetch(address).then((reply) => reply.text()),
      fetch(address, { mode: 'no-cors' }).then((reply) => reply.text()),
    ];
    for (const [tag, name] of [
      ['img', 'src'],
      ['script', 'src'],
      ['iframe', 'src'],
    ] as const) {
      const element = document.createElement(tag);
      element.setAttribute(name, address);
      document.body.append(element);
      answers.push(
        new Promise((resolve) => {
          element.onload = () => resolve('');
          element.onerror = () => resolve('');
        }),
      );
    }
    return Promise.all(answers.map((answer) => answer.catch(() => '')));
  }, data);
  expect(got).toEqual(['', '', '', '', '']);
  await page.evaluate((address) => {
    location.href = address;
  }, url);
  await page.waitForURL(url);
  expect(await page.textContent('body')).toContain('Refused: the request comes from another page.');
  const answers = asked.filter((one) => one.url.startsWith(url));
  expect(answers.length).toBeGreaterThanOrEqual(5);
  expect(answers.filter(({ status }) => status !== 403 && status !== 0)).toEqual([]);
});

test('what is published is seen without a reload', async () => {
  const { project, rows } = await shop();
  const { url } = await useDashboard(project);
  const { page, troubles } = await openWindow(await browser());
  await page.goto(url);
  await seen(page);
  const before = await page.textContent('.strip');
  expect(before).toContain('Last run failed');
  await publish(project, rows);
  await expect.poll(() => page.textContent('.strip')).toContain('Last run succeeded');
  expect(await page.textContent('.live')).toContain('updated');
  expect(troubles).toEqual([]);
});

async function publish(project: Project, rows: object[]): Promise<void> {
  rows.push({ id: rows.length + 1, name: 'new', price: 3, tags: ['x'] });
  expect((await project.run()).code).toBe(0);
}
