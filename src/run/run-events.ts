import type { PipelineConfig } from '../config/pipeline-config.ts';
import { type Effects, type Log, tellEvent } from '../effects.ts';
import type { EventListener, RunEvent, RunStep } from '../events.ts';
import { SecretMask } from '../extract/http/secret-mask.ts';
import { reasonOf } from '../files/reason.ts';
import { silentFindings } from '../findings.ts';
import type { Trace } from '../trace.ts';

/** The effects of a run, with a log that tells `listeners` everything, too; texts are events there. One that throws is told nothing more. */
export function heardBy(
  listeners: readonly (EventListener | undefined)[],
  effects: Effects,
  { secrets }: Pick<PipelineConfig, 'secrets'>,
): Effects {
  const { log } = effects;
  const heard = listeners.flatMap((listener) => (listener === undefined ? [] : [untilItThrows(listener, log)]));
  if (heard.length === 0 && log.event === undefined) return effects;
  const mask = new SecretMask(secrets, silentFindings);
  const tell: EventListener = (event) => {
    for (const listen of heard) listen(event);
  };
  const text = (event: 'warning' | 'progress' | 'notice', message: string) =>
    tell({ event, time: effects.now(), message: mask.text(message) });
  const telling: Log = {
    warn: (message) => {
      log.warn(message);
      text('warning', message);
    },
    progress: (message) => {
      log.progress(message);
      text('progress', message);
    },
    keep: (message) => log.keep?.(message),
    announce: (message) => {
      log.announce?.(message);
      text('notice', message);
    },
    event: (event) => {
      const told = masked(event, mask);
      log.event?.(told);
      tell(told);
    },
  };
  return { ...effects, log: telling };
}

/** A step of a run, told of at both ends. */
export async function inStep<T>(effects: Effects, step: RunStep, work: () => Promise<T>): Promise<T> {
  const startedAt = effects.now();
  tellEvent(effects, { event: 'step.started', step });
  try {
    return await work();
  } finally {
    tellEvent(effects, { event: 'step.finished', step, milliseconds: effects.now() - startedAt });
  }
}

export function tellFinished(effects: Effects, { pipeline, exitCode, published, startedAt, failure }: Trace): void {
  const milliseconds = effects.now() - startedAt;
  const told = failure && { code: failure.code, message: failure.message, hint: failure.hint, loadId: failure.loadId };
  tellEvent(effects, { event: 'run.finished', pipeline, exitCode, published, milliseconds, failure: told ?? null });
}

// --- internal ---

/** What a program does with an event is no reason for a run to fail. */
function untilItThrows(listener: EventListener, log: Log): EventListener {
  let isListening = true;
  return (event) => {
    if (!isListening) return;
    try {
      listener(event);
    } catch (error) {
      isListening = false;
      log.warn(`Who listened to the events of the run failed, and is told nothing more: ${reasonOf(error)}`);
    }
  };
}

/** What was foreseen is masked where it is made. */
function masked(event: RunEvent, mask: SecretMask): RunEvent {
  if (event.event !== 'resource.finished' || event.error === undefined) return event;
  const { code, message, hint } = event.error;
  return { ...event, error: { code, message: mask.text(message), hint: mask.text(hint) } };
}
