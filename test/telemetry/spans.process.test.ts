import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { runCli } from '../support/cli.ts';
import { smallProject } from '../support/project.ts';
import { sendJson, useServer } from '../support/server.ts';

/** An exporter that holds what it got, and needs a moment to be rid of it. */
const setUp = `
import { appendFileSync } from 'node:fs';
import { trace } from '${import.meta.resolve('@opentelemetry/api')}';
import { BasicTracerProvider, BatchSpanProcessor } from '${import.meta.resolve('@opentelemetry/sdk-trace-base')}';
const kept = (span) => {
  const { name, kind, status, attributes, events, parentSpanContext: parent } = span;
  return { name, kind, status, attributes, events: events.map((event) => event.name), parent: parent?.spanId, id: span.spanContext().spanId };
};
const exporter = {
  export(spans, done) {
    setTimeout(() => {
      appendFileSync(process.env.SPANS, spans.map((span) => JSON.stringify(kept(span)) + '\\n').join(''));
      done({ code: 0 });
    }, 30);
  },
  shutdown: async () => {},
};
const spanProcessors = [new BatchSpanProcessor(exporter, { scheduledDelayMillis: 3600000 })];
trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors }));
`;

interface KeptSpan {
  readonly name: string;
  readonly kind: number;
  readonly status: { readonly code: number };
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly events: readonly string[];
  readonly parent?: string;
  readonly id: string;
}

test('a provider that the program registers gets the run, its steps, resources and requests as spans, all of them before the process ends', async () => {
  let asked = 0;
  const { url } = await useServer(({ path }, response) => {
    asked += 1;
    if (path === '/jobs') return sendJson(response, 403, {});
    return asked === 1 ? sendJson(response, 503, {}) : [{ id: 1 }];
  });
  const list = (path: string) => ({ name: path, endpoint: { path, data_selector: '$' } });
  const pipeline = { on_resource_failure: 'continue' };
  const project = await smallProject(url, {
    resources: [list('models'), list('jobs')],
    pipeline,
    client: { concurrency: 1 },
  });
  const file = join(project.cwd, 'otel.mjs');
  const path = join(project.cwd, 'spans.jsonl');
  await writeFile(file, setUp);
  const env = { ...project.env, NODE_OPTIONS: `--import ${pathToFileURL(file)}`, SPANS: path };
  const { code, stderr } = await runCli(['run', '--quiet'], { cwd: project.cwd, env });
  expect([code, stderr]).toEqual([3, expect.stringMatching(/^error: Everything else was published/)]);

  const spans: KeptSpan[] = (await readFile(path, 'utf8'))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  const nameOf = (id: string | undefined) => spans.find((span) => span.id === id)?.name ?? null;
  expect(spans.map(({ name, parent }) => [name, nameOf(parent)])).toEqual([
    ['GET', 'resource models'],
    ['resource models', 'extract'],
    ['GET', 'resource jobs'],
    ['resource jobs', 'extract'],
    ['extract', 'dezgo-elt run'],
    ['load', 'dezgo-elt run'],
    ['dezgo-elt run', null],
  ]);
  const [models, , jobs, ofJobs, , , run] = spans;
  expect(models?.attributes).toMatchObject({
    'http.request.method': 'GET',
    'http.response.status_code': 200,
    'http.request.resend_count': 1,
    'url.full': `${url}/models`,
    'server.address': '127.0.0.1',
    'server.port': Number(new URL(url).port),
  });
  expect([models?.status.code, jobs?.status.code, ofJobs?.status.code, run?.status.code]).toEqual([0, 2, 2, 2]);
  expect(jobs?.attributes).toMatchObject({ 'error.type': '403' });
  expect(run?.attributes).toMatchObject({
    'dezgo_elt.pipeline': 'small',
    'dezgo_elt.exit_code': 3,
    'dezgo_elt.published': true,
  });
  expect(run?.events).toEqual(['load package', 'exception']);
});
