import { join } from 'node:path';
import { expect, test } from 'vitest';
import { load, problems, withResources } from './loading.ts';

const slack = 'https://hooks.slack.com/services/T00000000/B00000000/abcdefghijklmnopqrstuvwx';
const shop = (pipeline: string) =>
  withResources('- a').replace('pipeline: { name: shop }', `pipeline: { name: shop, ${pipeline} }`);

test.each([
  ['notify: { on: [failure] }', 'pipeline.notify  expected either `url` or `command`'],
  ['notify: { url: "https://a.example/", command: [a] }', 'pipeline.notify  expected either `url` or `command`'],
  ['notify: [{ command: [a], on: [stale] }]', 'pipeline.notify[0]  `on: stale` needs `max_age`'],
  ['notify: { command: [a], balance: 5 }', 'pipeline.notify.balance  is for `low_balance`: add that to `on`'],
  ['notify: { command: [""] }', 'pipeline.notify.command  expected the name of a program first'],
  ['notify: { command: [a], headers: { X-A: b } }', 'pipeline.notify.headers  only a `url` has headers'],
  ['notify: { command: [a], on: [failing] }', /pipeline\.notify\.on\[0\] {2}.*`failure`/],
  ['notify: { command: [a], after: 0 }', /pipeline\.notify\.after/],
  ['notify: { url: "hooks.example/x" }', /pipeline\.notify\.url {2}expected an address, `https:\/\/…`, or a reference/],
  ['ping: hc-ping.com/x', /pipeline\.ping {2}.*expected an address/],
  ['ping: { url: "https://hc-ping.com/x", timeout: 0 }', /pipeline\.ping\.timeout/],
  ['openlineage: { namespace: a }', 'pipeline.openlineage  expected `url` or `file`'],
])('of { %s } validate says what is wrong', async (pipeline, problem) => {
  const found = await problems(shop(pipeline));
  expect(found).toHaveLength(1);
  const [said = ''] = found.map((line) => line.replace(/^\S+:\d+:\d+ {2}/, ''));
  if (typeof problem === 'string') expect(said).toBe(problem);
  else expect(said).toMatch(problem);
});

test('addresses are hidden, one with a key in it is warned of, one without is left in rows and replies', async () => {
  const open = 'http://127.0.0.1:9000/hook';
  const ping = 'https://hc-ping.com/5bf66975-d4c7-4bf5-bcc8-b8d8a82ea278';
  const config = await load(shop(`notify: [{ url: "${slack}" }, { url: "${open}" }], ping: "${ping}"`));
  expect(config.warnings.map(({ message }) => message)).toEqual([
    expect.stringMatching(/^`pipeline\.notify\[0\]\.url` holds a secret as plain text/),
  ]);
  expect(JSON.stringify(config)).not.toMatch(/hooks\.slack|hc-ping|127\.0\.0\.1:9000/);
  expect(config.secrets.map((secret) => secret.reveal())).toEqual([slack, ping]);
  expect(config.pipeline.notify).toMatchObject([{ on: ['failure', 'recovery'], after: 1, timeout: 10_000 }, {}]);
});

test('the environment names a ping, a time for it and a file of metrics; paths of the file begin at the file', async () => {
  const env = {
    PIPELINE__PING: 'https://hc-ping.com/from-the-environment',
    PIPELINE__METRICS_FILE: 'elsewhere/m.prom',
    SOURCES__SHOP_API__HOOK: slack,
  };
  const config = await load(shop('notify: { url: { secret: hook } }, openlineage: { file: lineage.jsonl }'), { env });
  const { ping, notify, metrics_file, openlineage } = config.pipeline;
  expect(ping?.url.reveal()).toBe('https://hc-ping.com/from-the-environment');
  expect(notify?.[0]?.url?.reveal()).toBe(slack);
  expect(openlineage?.file).toBe(join(config.file ?? '', '..', 'lineage.jsonl'));
  expect(metrics_file).toMatch(/^\/.*elsewhere\/m\.prom$/);
  expect(config.warnings).toEqual([]);
  const timed = await load(shop('ping: "https://hc-ping.com/x"'), { env: { PIPELINE__PING__TIMEOUT: '3s' } });
  expect(timed.pipeline.ping?.timeout).toBe(3000);
  expect(timed.pipeline.ping?.url.reveal()).toBe('https://hc-ping.com/x');
});
