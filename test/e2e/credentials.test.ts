import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { smallProject } from '../support/project.ts';
import { query } from '../support/published.ts';
import { sendJson, useServer } from '../support/server.ts';

const secrets = {
  SOURCES__SHOP__REFRESH_TOKEN: 'refresh-token-number-0',
  SOURCES__SHOP__CLIENT_SECRET: 'client-secret-value',
  SOURCES__SHOP__FEED: 'feed-secret-value',
  SOURCES__SHOP__TENANT: 'tenant-secret-value',
};

test('tokens that rotate are kept from run to run, variables and secrets go everywhere, and no secret stays anywhere else', async () => {
  let issued = 0;
  let expired = false;
  const { url, asked } = await useServer(async ({ path, query: asking, headers }, response) => {
    if (path === '/token') {
      issued += 1;
      return {
        access_token: `access-token-number-${issued}`,
        expires_in: 3600,
        refresh_token: `refresh-token-number-${issued}`,
      };
    }
    const isCurrent = headers.authorization === `Bearer access-token-number-${issued}`;
    if (!isCurrent || (path.endsWith('/orders') && !expired)) {
      expired = true;
      return sendJson(response, 401, { error: `no ${headers.authorization}` });
    }
    const echo = `${path} ${asking.get('key')} ${headers['x-tenant']} ${headers.authorization}`;
    return {
      data: [{ id: 1, echo }],
      next: `${path}?page=2&key=${asking.get('key')}`.repeat(asking.has('page') ? 0 : 1),
    };
  });
  const auth = {
    type: 'oauth2_refresh_token',
    access_token_url: '{variables.host}/token',
    client_id: 'me',
    client_secret: { secret: 'client_secret' },
    refresh_token_file: 'tokens/shop.json',
  };
  const list = (name: string) => ({
    name,
    write_disposition: 'replace',
    endpoint: {
      path: `{variables.version}/${name}`,
      params: { key: { secret: 'feed' } },
      headers: { 'X-Tenant': '{variables.tenant}' },
      auth,
      data_selector: 'data',
      paginator: { type: 'json_link', next_url_path: 'next' },
    },
  });
  const project = await smallProject(
    url,
    {
      client: { base_url: '{variables.host}/', variables: { host: url, version: 'v1', tenant: { secret: 'tenant' } } },
      resources: ['orders', 'items', 'prices'].map(list),
    },
    secrets,
  );
  const results = [
    await project.run(['validate']),
    await project.run(),
    await project.run(['run', '--format', 'json']),
  ];
  expect(results.map(({ code }) => code)).toEqual([0, 0, 0]);
  expect(results[0]?.stdout).toContain(`GET ${url}/v1/orders`);
  // The first run asks twice, for the 401; the second begins with what the first was given last.
  expect(asked.filter(({ path }) => path === '/token')).toHaveLength(3);
  const kept = join(project.cwd, 'tokens', 'shop.json');
  expect(await readFile(kept, 'utf8')).toContain('refresh-token-number-3');
  expect(await query(project.file, 'select echo from items')).toEqual(
    [1, 2].map(() => ({ echo: '/v1/items *** *** Bearer ***' })),
  );
  const files = (await readdir(project.cwd, { recursive: true, withFileTypes: true })).filter((entry) =>
    entry.isFile(),
  );
  const paths = files.map((entry) => join(entry.parentPath, entry.name)).filter((file) => file !== kept);
  const texts = await Promise.all(paths.map(async (file) => (await readFile(file)).toString('latin1')));
  const everything = [...texts, JSON.stringify(results)].join();
  for (const secret of ['token-number', ...Object.values(secrets)]) expect(everything).not.toContain(secret);
});
