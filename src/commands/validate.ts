import type { ClientConfig } from '../config/grammar/client-schema.ts';
import { missingSecrets } from '../config/missing-secrets.ts';
import type { PipelineConfig, ResolvedResource } from '../config/pipeline-config.ts';
import { destinationOf } from '../destinations/destination-kinds.ts';
import { exitCodes, PipelineError } from '../errors.ts';
import { shownUrl } from '../extract/http/shown-url.ts';
import { unsendableFiles } from '../extract/request-files.ts';
import { checkFolders } from '../run/check-folders.ts';
import { untold } from '../run/untold.ts';
import { checkSchemaFiles } from '../schema-files/check-schema-files.ts';
import { aligned } from '../text/aligned.ts';
import { withoutEnd } from '../text/ends.ts';
import { plainText } from '../text/plain-text.ts';
import { loadProject } from './load-project.ts';
import { openLog } from './open-log.ts';
import type { CommonOptions, Terminal } from './terminal.ts';

/**
 * `dezgo-elt validate`: every problem at once, and what a run would request. Tries the folders that a run writes to; loads no
 * DuckDB but where its extensions are needed, sends nothing, leaves nothing behind.
 */
export async function validateCommand(terminal: Terminal, options: CommonOptions): Promise<number> {
  const log = openLog(terminal, options);
  const config = await loadProject(terminal, options, log);
  const missing = await missingSecrets(config);
  const destination = destinationOf(config);
  await checkSchemaFiles(config);
  const problems = [
    ...(missing.length === 0 ? [] : [allMissing(missing)]),
    ...(missing.length === 0 ? await unsendableFiles(config.source.resources, config.source.client) : []),
    ...(await checkFolders(config.pipeline.working_dir, destination)),
  ];
  const told = new Set(problems.map(({ message }) => message));
  for (const { key, message, hint } of await untold(config, terminal)) {
    if (!told.has(message)) log.warn(`\`${key}\`: ${withoutEnd(message, '.')}. A run only warns of it. ${hint}`);
  }
  if (!options.quiet) terminal.print(planText(config, destination.location));
  for (const problem of problems) terminal.fail(problem);
  return problems[0]?.exitCode ?? exitCodes.ok;
}

function planText({ pipeline, source }: PipelineConfig, location: string): string {
  const selected = source.resources.filter((resource) => resource.selected);
  const others = source.resources.filter((resource) => !resource.selected);
  const lines = (resources: readonly ResolvedResource[]) =>
    aligned(
      resources.flatMap((resource) => requestRows(resource, source.client)),
      ['left', 'left', 'left'],
    );
  const place = isKnown(location) ? plainText(location) : `a \`${pipeline.destination.type}\` that is not known yet`;
  const sections = [
    [`Pipeline ${pipeline.name} loads into dataset ${plainText(pipeline.dataset_name)} of ${place}`],
    selected.length === 0 ? ['No resource is selected.'] : ['A run requests:', ...lines(selected)],
    others.length === 0 ? [] : ['Only when named (`dezgo-elt run RESOURCE`):', ...lines(others)],
  ];
  return sections
    .filter((section) => section.length > 0)
    .map((section) => section.join('\n'))
    .join('\n\n');
}

/** An address without a host is none yet. */
function isKnown(location: string): boolean {
  return !/^\w+:\/\/(?:[:/]|$)/.test(location);
}

/** A line for the endpoint, one more for each fallback. */
function requestRows(
  { name, endpoint, write_disposition, primary_key, merge_key }: ResolvedResource,
  client: ClientConfig | undefined,
): string[][] {
  const keys = [primary_key, merge_key].flatMap((key) => (key === undefined ? [] : [key.join(', ')]));
  const disposition = [write_disposition.disposition, ...(keys.length === 0 ? [] : [`on ${keys.join(' and ')}`])].join(
    ' ',
  );
  if (endpoint === undefined) return [[name, disposition, 'records of a function']];
  const { path, method, fallbacks = [], paid = false } = endpoint;
  const price = (isPaid: boolean) => (isPaid ? ', paid' : '');
  return [
    [name, disposition, `${method} ${shownUrl(client, path)}${price(paid)}`],
    ...fallbacks.map((fallback) => [
      '',
      '',
      `after 404: ${fallback.method ?? method} ${shownUrl(client, fallback.path ?? path)}${price(fallback.paid ?? paid)}`,
    ]),
  ];
}

function allMissing(missing: readonly PipelineError[]): PipelineError {
  const [first] = missing;
  if (missing.length === 1 && first !== undefined) return first;
  return new PipelineError({
    code: 'SecretMissing',
    message: missing.map(({ message }) => message).join('. '),
    hint: [...new Set(missing.map(({ hint }) => hint))].join(' '),
  });
}
