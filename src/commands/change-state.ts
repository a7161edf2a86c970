import type { PipelineConfig } from '../config/pipeline-config.ts';
import { realEffects } from '../effects.ts';
import { exitCodes, PipelineError } from '../errors.ts';
import { cursorText } from '../incremental/cursor-value.ts';
import { givenCursor } from '../incremental/given-cursor.ts';
import type { IncrementalConfig } from '../incremental/incremental-start.ts';
import { plainCursor, stateListing } from '../inspection/state-listing.ts';
import { withLastValue, withoutKept } from '../load/edited-state.ts';
import { keptCursor } from '../load/incremental-state.ts';
import type { RawJson } from '../load/staging/raw-json.ts';
import { failureMembers, jsonDocument } from '../report/json-report.ts';
import type { ListedState } from '../report/state-text.ts';
import { type EditedState, editState } from '../run/edit-state.ts';
import { configuredStrategy, isEmptying } from '../schema/strategies.ts';
import { count } from '../text/count.ts';
import { didYouMean } from '../text/nearest.ts';
import { plainText } from '../text/plain-text.ts';
import { isConfirmed } from './confirm.ts';
import { loadProject } from './load-project.ts';
import { openLog } from './open-log.ts';
import { requireKnown } from './state.ts';
import type { CommonOptions, OutputFormat, Terminal } from './terminal.ts';

type EditOptions = CommonOptions & { readonly format: OutputFormat; readonly yes?: boolean };

/** `dezgo-elt state set RESOURCE CURSOR VALUE`: the next run of the resource goes on there. */
export async function setStateCommand(
  terminal: Terminal,
  options: EditOptions,
  [resource = '', cursorPath = '', value = '']: readonly string[],
): Promise<number> {
  const log = openLog(terminal, options);
  const config = await loadProject(terminal, options, log);
  const incremental = cursorOf(config, resource, cursorPath);
  const effects = { ...realEffects, env: terminal.env, log };
  const now = effects.now();
  const source = config.source.name;
  let before: string | null = null;
  let after = '';
  const change = (sources: RawJson | undefined) => {
    before = keptCursor(sources, source, resource, cursorPath)?.last_value ?? null;
    after = cursorText(givenCursor(incremental, value, { last: before, now }));
    if (before === after) return sources ?? new Map();
    const initial = incremental.initial_value == null ? null : cursorText(incremental.initial_value);
    return withLastValue(sources, { source, resource, cursorPath }, { initial, last: after });
  };
  const edited = await editState(config, { resources: [resource], change }, effects, terminal.signal);
  const sentence =
    edited.loadId === null
      ? `\`${cursorPath}\` of ${resource} is ${after} already: nothing was changed.`
      : `\`${cursorPath}\` of ${resource} was ${before ?? 'not kept'} and is ${after}: its next run goes on there (state version ${edited.version}, load ${edited.loadId}).`;
  print(terminal, options, sentence, edited, {
    resources: [resource],
    cursorPath,
    before: plainCursor(before),
    after: plainCursor(after),
  });
  return exitCodes.ok;
}

/** `dezgo-elt state reset [RESOURCE…]`: the next runs begin where the first one did. */
export async function resetStateCommand(
  terminal: Terminal,
  options: EditOptions,
  names: readonly string[],
): Promise<number> {
  const log = openLog(terminal, options);
  const config = await loadProject(terminal, options, log);
  const state = await stateListing(config);
  requireKnown(names, config, state.resources);
  const kept = state.resources.filter(
    ({ resource, cursors, paidRequests }) =>
      (names.length === 0 || names.includes(resource)) &&
      (paidRequests > 0 || cursors.some(({ loadId }) => loadId !== null)),
  );
  const resources = kept.map(({ resource }) => resource);
  if (resources.length === 0) {
    print(
      terminal,
      options,
      'There is nothing to reset: nothing is kept.',
      { loadId: null, version: state.version ?? 0 },
      { resources },
    );
    return exitCodes.ok;
  }
  const command = ['state reset', ...names].join(' ');
  const { yes = false } = options;
  if (!(await isConfirmed(terminal, { yes, what: whatGoes(kept), command }))) {
    terminal.print('Nothing was changed.');
    return exitCodes.ok;
  }
  const source = config.source.name;
  const change = (sources: RawJson | undefined) =>
    resources.reduce<RawJson>((left, resource) => withoutKept(left, source, resource), sources ?? new Map());
  const effects = { ...realEffects, env: terminal.env, log };
  const edited = await editState(config, { resources, change }, effects, terminal.signal);
  const sentence = `Forgotten where ${resources.join(', ')} ${resources.length === 1 ? 'was' : 'were'}: the next run begins with initial_value (state version ${edited.version}, load ${edited.loadId}).`;
  print(terminal, options, sentence, edited, { resources });
  return exitCodes.ok;
}

// --- internal ---

function print(
  terminal: Terminal,
  { format, quiet = false }: EditOptions,
  sentence: string,
  { loadId, version }: EditedState,
  what: object,
): void {
  if (format === 'json') terminal.print(jsonDocument({ ...what, loadId, version, ...failureMembers(undefined) }));
  else if (!quiet) terminal.print(plainText(sentence));
}

/** What a person has to know before. */
function whatGoes(kept: readonly ListedState[]): string {
  const places = kept.flatMap(({ resource, cursors }) =>
    cursors.map(({ cursorPath, lastValue }) => `${resource} (${cursorPath}: ${JSON.stringify(lastValue)})`),
  );
  const paid = kept.reduce((sum, { paidRequests }) => sum + paidRequests, 0);
  return [
    ...(places.length === 0
      ? []
      : [
          `This forgets where ${places.join(', ')} ${places.length === 1 ? 'is' : 'are'}: the next run loads from initial_value on. Rows that are there stay; with \`append\` they come twice (\`dezgo-elt run RESOURCE --full-refresh\` empties the tables instead).`,
        ]),
    ...(paid === 0
      ? []
      : [
          `This forgets ${count(paid, 'request')} that ${paid === 1 ? 'was' : 'were'} paid for: the next run sends, and pays for, the same again.`,
        ]),
  ].join(' ');
}

/** Throws ResourceUnknown, UsageInvalid: there is no such cursor, or its runs do not look at what is kept. */
function cursorOf(config: PipelineConfig, resource: string, cursorPath: string): IncrementalConfig {
  requireKnown([resource], config, []);
  const found = config.source.resources.find(({ name }) => name === resource);
  const incremental = found?.endpoint?.incremental;
  if (found === undefined || incremental === undefined) {
    throw unusable(
      `Resource ${resource} is not incremental: it has no cursor.`,
      'Those that are: dezgo-elt state show',
    );
  }
  if (incremental.cursor_path !== cursorPath) {
    const close = didYouMean(cursorPath, [incremental.cursor_path]);
    throw unusable(
      `Resource ${resource} has no cursor \`${cursorPath}\`${close || '.'}`,
      `Its cursor: dezgo-elt state set ${resource} '${incremental.cursor_path}' VALUE`,
    );
  }
  const strategy = configuredStrategy(found.write_disposition);
  if (strategy !== undefined && isEmptying(strategy))
    throw unusable(
      `Resource ${resource} is replaced by every run, which begins with initial_value.`,
      'Change `initial_value`, or `write_disposition`.',
    );
  if (incremental.end_value != null)
    throw unusable(
      `Resource ${resource} has an \`end_value\`: every run loads the same range, and keeps nothing.`,
      'Change `initial_value`, or remove `end_value`.',
    );
  return incremental;
}

function unusable(message: string, hint: string): PipelineError {
  return new PipelineError({ code: 'UsageInvalid', message, hint });
}
