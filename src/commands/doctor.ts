import type { PipelineConfig } from '../config/pipeline-config.ts';
import { destinationOf } from '../destinations/destination-kinds.ts';
import { realEffects, silentLog } from '../effects.ts';
import { asPipelineError } from '../errors.ts';
import { doctorText, fail, ok, type Symptom, warn } from '../report/doctor-text.ts';
import { failureMembers, jsonDocument } from '../report/json-report.ts';
import { untold } from '../run/untold.ts';
import { folderSymptoms } from './folder-symptoms.ts';
import { loadProject } from './load-project.ts';
import { programSymptoms } from './program-symptoms.ts';
import { shownWarning } from './shown-warning.ts';
import { clockSymptoms, proxySymptoms, secretSymptoms } from './source-symptoms.ts';
import type { CommonOptions, OutputFormat, Terminal } from './terminal.ts';

interface DoctorOptions extends CommonOptions {
  readonly format: OutputFormat;
  readonly online?: boolean;
}

/** `dezgo-elt doctor`: looks at all that a run depends on, and changes nothing. Exits with the code of the first failure. */
export async function doctorCommand(terminal: Terminal, options: DoctorOptions): Promise<number> {
  const effects = { ...realEffects, env: terminal.env };
  const found = onceEach([...(await programSymptoms(effects)), ...(await projectSymptoms(terminal, options))]);
  const symptoms = found.map((symptom) => ({ ...symptom, hint: withoutOurselves(symptom.hint) }));
  const ending = failureMembers(symptoms.find(({ error }) => error !== null)?.error ?? undefined);
  const told = options.quiet === true ? symptoms.filter(({ level }) => level !== 'ok') : symptoms;
  if (options.format === 'json') terminal.print(jsonDocument({ symptoms, ...ending }));
  else if (told.length > 0) terminal.print(doctorText(told));
  return ending.exitCode;
}

// --- internal ---

/** A hint that others give: who reads this has asked us already. */
function withoutOurselves(hint: string | null): string | null {
  const rest = hint
    ?.replace(': dezgo-elt doctor tells where its secrets were found.', '.')
    .replace(/(?:How|Whether) [\w ]+: dezgo-elt doctor\.?$/, '')
    .trim();
  return rest === undefined || rest === '' ? null : rest;
}

/** What keeps a run from more than one thing is told where it was found first. */
function onceEach(symptoms: readonly Symptom[]): Symptom[] {
  const told = new Set<string>();
  return symptoms.filter(({ error }) => {
    if (error === null) return true;
    const isNew = !told.has(error.message);
    told.add(error.message);
    return isNew;
  });
}

/** Of a configuration that cannot be read nothing more is known. */
async function projectSymptoms(terminal: Terminal, options: DoctorOptions): Promise<Symptom[]> {
  const effects = { ...realEffects, env: terminal.env };
  let config: PipelineConfig;
  try {
    config = await loadProject(terminal, options, silentLog);
  } catch (error) {
    return [fail('configuration', asPipelineError(error))];
  }
  const warnings = config.warnings.map((warning) =>
    warn('configuration', shownWarning(warning), 'More about it: dezgo-elt validate'),
  );
  return [
    ok('configuration', `${config.file ?? ''}, pipeline ${config.pipeline.name}`),
    ...warnings,
    ...(await secretSymptoms(config)),
    ...proxySymptoms(config, effects),
    ...(options.online === true ? await clockSymptoms(config, effects, terminal.signal) : []),
    ...(await folderSymptoms(config)),
    ...(await untold(config, effects)).map(({ key, message, hint }) => warn(key, message, hint)),
    ...(await destinationOf(config).examine()),
  ];
}
