// A request for each record of a parent, from a server that answers at once: what a run adds to each request.
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { interleave, report } from './measure.mjs';
import { runConfig } from './run-config.mjs';

const PARENTS = 100_000;

/** @param start starts a server process and answers its address */
export async function children({ clis, work, runs, start, server, asker }) {
  const url = await start([server, String(PARENTS)]);
  const folder = join(work, 'children');
  const config = join(work, 'children.yaml');
  const parents = '{ name: parents, endpoint: parents }';
  const resource = `${parents}, { name: children, endpoint: 'parents/{resources.parents.id}' }`;
  writeFileSync(config, runConfig({ folder, client: `base_url: ${JSON.stringify(url)}`, resource }));
  const contenders = [
    { name: "Node's HTTP client: the same requests", args: [asker, url] },
    ...clis.map((cli) => ({
      name: 'run: parents, children',
      args: [cli, 'run', '-c', config],
      before: () => rmSync(folder, { recursive: true, force: true }),
    })),
  ];
  const title = `A child for each of ${PARENTS} parents, replies at once, ${runs} runs each, interleaved`;
  report(title, contenders, await interleave(contenders, runs));
}
