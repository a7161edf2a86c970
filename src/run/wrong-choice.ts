import type { PipelineConfig } from '../config/pipeline-config.ts';
import { asPipelineError, type PipelineError } from '../errors.ts';
import { lockWait } from './if-locked.ts';
import { runBudget } from './run-budget.ts';
import type { RunChoices } from './run-choices.ts';
import { requireScope } from './run-scope.ts';
import { selectResources } from './select-resources.ts';
import { runTime } from './time-limit.ts';

interface Choices extends RunChoices {
  readonly resources?: readonly string[] | undefined;
  readonly maxCost?: number | string | undefined;
}

/**
 * What cannot be of what was asked for with a run: a resource that is not there, an option without a meaning. Undefined also where
 * the configuration alone is wrong.
 */
export function wrongChoice(config: PipelineConfig, choices: Choices): PipelineError | undefined {
  const { resources: names = [], exclude = [], timeout, maxCost, ifLocked } = choices;
  let isOfConfiguration = names.length === 0 && exclude.length === 0;
  try {
    const resources = selectResources(config, { names, excluded: exclude });
    isOfConfiguration = false;
    requireScope(choices, resources, config.source.resources);
    runTime(config, timeout);
    runBudget(config, maxCost);
    lockWait(ifLocked);
    return undefined;
  } catch (thrown) {
    return isOfConfiguration ? undefined : asPipelineError(thrown);
  }
}
