// What a run adds to a source that takes its time: how much longer it is than its requests would take with every slot in use.
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { interleave, median } from './measure.mjs';
import { list, runConfig } from './run-config.mjs';

const MILLISECONDS = 50;
const IDS = 300;
const PAGES = 100;

/** @param start starts a server process and answers its address */
export async function latency({ cli, work, runs, start, server }) {
  const url = await start([server, String(MILLISECONDS), String(PAGES)]);
  const jobs = (count) =>
    `{ name: jobs, endpoint: { path: 'jobs/{id}', data_selector: $, params: { id: { type: values, from: [{ list: [${Array.from({ length: count }, (_, index) => `j${index}`)}] }] } } } }`;
  const folder = join(work, 'latency');
  const contender = (name, resource, requests, concurrency) => {
    const config = join(work, `${name}-${concurrency}.yaml`);
    const client = `base_url: ${JSON.stringify(url)}, concurrency: ${concurrency}`;
    writeFileSync(config, runConfig({ folder, client, resource }));
    const before = () => rmSync(folder, { recursive: true, force: true });
    return { name, requests, concurrency, args: [cli, 'run', '-c', config], before };
  };
  const contenders = [
    contender('cold: one id', jobs(1), 1, 1),
    ...[1, 8].flatMap((concurrency) => [
      contender(`${IDS} ids`, jobs(IDS), IDS, concurrency),
      contender(`${PAGES} known pages`, list, PAGES, concurrency),
    ]),
  ];
  const [cold, ...results] = (await interleave(contenders, runs)).map((one) =>
    median(one.map(({ seconds }) => seconds)),
  );
  console.log(
    `\nReplies that take ${MILLISECONDS} ms, ${runs} runs each, interleaved; a cold run with one of them: ${cold.toFixed(3)} s`,
  );
  for (const [index, { name, requests, concurrency }] of contenders.slice(1).entries()) {
    const ideal = (requests * MILLISECONDS) / 1000 / concurrency;
    const seconds = results[index];
    const ratio = (seconds - cold) / ideal;
    console.log(
      `  ${`${name}, concurrency ${concurrency}`.padEnd(34)} median ${seconds.toFixed(2)} s  ideal ${ideal.toFixed(2)} s  × ${ratio.toFixed(2)} of the ideal beyond the cold run`,
    );
  }
}
