import { loadWithPlaces } from '../../src/config/load-config.ts';
import { type Dashboard, startDashboard } from '../../src/dashboard/dashboard-server.ts';
import type { Project as ShownProject } from '../../src/dashboard/project.ts';
import { realEffects } from '../../src/effects.ts';
import { QueryProcess } from '../../src/inspection/query-process.ts';
import { cliScript } from './cli.ts';
import type { Project } from './project.ts';
import { whenDone } from './shared.ts';

/** What a dashboard shows of a project of a test. */
async function shownProject({ cwd, env }: Project): Promise<ShownProject> {
  const program = [process.execPath, cliScript];
  const queries = new QueryProcess({ program, options: [], cwd, env: { ...process.env, ...env } }, realEffects);
  whenDone(() => queries.close());
  const shownFile = 'pipeline.config.yaml';
  const placed = await loadWithPlaces(shownFile, { cwd, env });
  const asking = { ask: queries.ask.bind(queries), save: queries.save.bind(queries) };
  return { placed, shownFile, ...asking, effects: { ...realEffects, env } };
}

/** The dashboard of a project, gone when the test ends. */
export async function useDashboard(project: Project, port = 0): Promise<Dashboard> {
  const dashboard = await startDashboard(await shownProject(project), port);
  whenDone(() => dashboard.close());
  return dashboard;
}
