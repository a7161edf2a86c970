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

describe.each(viewNames)('the view %s', (view) => {
  test('shows, asks nobody else, says nothing on the console, and can be read by everybody', async () => {
    const { url } = await served();
    for (const colorScheme of ['light', 'dark'] as const) {
      const { page, troubles, asked } = await openWindow(await browser(), { colorScheme });
      await page.goto(`${url}${view}`);
      await seen(page);
      expect(await page.locator('h1').count()).toBe(1);
      expect(await page.locator('.notice.bad code:has-text("Internal")').count()).toBe(0);
      expect(await violations(page)).toEqual([]);
      expect(troubles).toEqual([]);
      expect(asked.filter((one) => !one.url.startsWith(url) || one.status !== 200)).toEqual([]);
    }
  });

  test('fits a phone', async () => {
    const { url } = await served();
    const { page } = await openWindow(await browser(), { viewport: { width: 360, height: 740 } });
    await page.goto(`${url}${view}`);
    await seen(page);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
    expect(await violations(page)).toEqual([]);
  });
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
