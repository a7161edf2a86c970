import { once } from 'node:events';
import { resolve } from 'node:path';
import { loadWithPlaces } from '../config/load-config.ts';
import { canOpenBrowser, openBrowser } from '../dashboard/browser-opener.ts';
import { startDashboard } from '../dashboard/dashboard-server.ts';
import type { Project } from '../dashboard/project.ts';
import { savedPage } from '../dashboard/saved-page.ts';
import { destinationOf } from '../destinations/destination-kinds.ts';
import { realEffects } from '../effects.ts';
import { exitCodes } from '../errors.ts';
import { QueryProcess } from '../inspection/query-process.ts';
import { bytesText } from '../text/bytes.ts';
import { openLog } from './open-log.ts';
import { OutputFile } from './output-file.ts';
import { shownWarning } from './shown-warning.ts';
import type { CommonOptions, Terminal } from './terminal.ts';

export interface ShowOptions extends CommonOptions {
  readonly port: number;
  readonly open: boolean;
  readonly once?: string;
}

/** `dezgo-elt show`: serves the dashboard until it is interrupted, which is its ordinary end. */
export async function showCommand(terminal: Terminal, options: ShowOptions): Promise<number> {
  const queries = queryProcess(terminal, options);
  const asking = { ask: queries.ask.bind(queries), save: queries.save.bind(queries) };
  const project = { ...(await openProject(terminal, options)), ...asking };
  if (options.once !== undefined) return writeOnce(terminal, options, project, options.once);
  const { signal, env, stderr } = terminal;
  const dashboard = await startDashboard(project, options.port);
  try {
    const { name } = project.placed.config.pipeline;
    terminal.print(`The dashboard of ${name}, until Ctrl-C. Who has this address can look:\n\n  ${dashboard.url}\n`);
    if (options.open && canOpenBrowser(env, stderr.isTerminal)) openBrowser(dashboard.url, env);
    if (!signal.aborted) await once(signal, 'abort');
  } finally {
    await dashboard.close();
    queries.close();
  }
  return exitCodes.ok;
}

// --- internal ---

function queryProcess({ program, cwd, env }: Terminal, { config, secrets }: ShowOptions): QueryProcess {
  const options = ['-c', config, ...(secrets === undefined ? [] : ['--secrets', secrets])];
  return new QueryProcess({ program, options, cwd, env: { ...env } }, realEffects);
}

async function writeOnce(
  { cwd, print }: Terminal,
  { quiet }: ShowOptions,
  project: Project,
  name: string,
): Promise<number> {
  const file = OutputFile.at(resolve(cwd, name), destinationOf(project.placed.config).location);
  const html = await savedPage(project);
  await file.writing(async (write) => void (await write(html)));
  if (quiet !== true)
    print(`${name} has the dashboard as it is now (${bytesText(Buffer.byteLength(html))}). It needs nothing else.`);
  return exitCodes.ok;
}

async function openProject(
  { cwd, env, ...terminal }: Terminal,
  options: ShowOptions,
): Promise<Omit<Project, 'ask' | 'save'>> {
  const { config: shownFile, secrets } = options;
  const placed = await loadWithPlaces(shownFile, { env, cwd, ...(secrets !== undefined && { secretsFile: secrets }) });
  const log = openLog({ env, ...terminal }, options);
  for (const warning of placed.config.warnings) log.warn(shownWarning(warning));
  return { placed, shownFile, effects: { ...realEffects, env } };
}
