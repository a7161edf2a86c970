import type { PipelineConfig } from '../config/pipeline-config.ts';
import { exitCodes, PipelineError } from '../errors.ts';
import { stateListing } from '../inspection/state-listing.ts';
import { failureMembers, jsonDocument } from '../report/json-report.ts';
import { type ListedState, stateText } from '../report/state-text.ts';
import { didYouMean } from '../text/nearest.ts';
import { loadProject } from './load-project.ts';
import { openLog } from './open-log.ts';
import type { CommonOptions, OutputFormat, Terminal } from './terminal.ts';

/** `dezgo-elt state show [RESOURCE…]`: where incremental resources go on. Changes nothing. */
export async function showStateCommand(
  terminal: Terminal,
  options: CommonOptions & { readonly format: OutputFormat },
  names: readonly string[],
): Promise<number> {
  const config = await loadProject(terminal, options, openLog(terminal, options));
  const state = await stateListing(config);
  requireKnown(names, config, state.resources);
  const resources = state.resources.filter(({ resource }) => names.length === 0 || names.includes(resource));
  const shown = { ...state, resources };
  terminal.print(
    options.format === 'json' ? jsonDocument({ ...shown, ...failureMembers(undefined) }) : stateText(shown),
  );
  return exitCodes.ok;
}

/** Throws ResourceUnknown for a name that is neither configured nor has a state. */
export function requireKnown(
  names: readonly string[],
  { source }: PipelineConfig,
  listed: readonly ListedState[],
): void {
  const known = [...source.resources.map(({ name }) => name), ...listed.map(({ resource }) => resource)];
  const unknown = names.find((name) => !known.includes(name));
  if (unknown === undefined) return;
  throw new PipelineError({
    code: 'ResourceUnknown',
    message: `There is no resource \`${unknown}\`${didYouMean(unknown, known) || '.'}`,
    hint: 'Those of which something is kept: dezgo-elt state show',
    facts: { resource: unknown },
  });
}
