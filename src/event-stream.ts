import type { ConfigFileInput } from './config/grammar/config-schema.ts';
import type { PipelineConfig } from './config/pipeline-config.ts';
import type { RunEvent } from './events.ts';
import { type RunOptions, runPipeline } from './pipeline.ts';
import { EventQueue } from './report/event-queue.ts';
import type { Trace } from './trace.ts';

/** A run that goes on, and what happens in it. */
export interface EventStream extends AsyncIterable<RunEvent> {
  /** What the run did: what `runPipeline` answers, or throws. */
  readonly trace: Promise<Trace>;
}

/**
 * Starts a run and gives its events as they happen, `run.finished` last; the loop over them throws what `runPipeline` throws. Who
 * leaves the loop early does not stop the run: the loop is left when the run is over. To stop it, abort `signal`.
 *
 * A reader that is slow does not hold the run up: beyond 10,000 events that wait, those of requests and progress are left out,
 * and a `warning` says how many.
 *
 * @example
 * for await (const event of runEvents(config)) if (event.event === 'request') console.log(event.url, event.status);
 */
export function runEvents(input: PipelineConfig | ConfigFileInput, options: RunOptions = {}): EventStream {
  const queue = new EventQueue();
  const onEvent = (event: RunEvent) => {
    queue.add(event);
    options.onEvent?.(event);
  };
  const trace = runPipeline(input, { ...options, onEvent }).finally(() => queue.end());
  trace.catch(() => undefined); // whoever reads the events is told by them
  const events = eventsOf(queue, trace);
  return { trace, [Symbol.asyncIterator]: () => events };
}

// --- internal ---

async function* eventsOf(queue: EventQueue, trace: Promise<Trace>): AsyncGenerator<RunEvent, void> {
  try {
    for (let event = await queue.next(); event !== undefined; event = await queue.next()) yield event;
  } finally {
    queue.end();
    await trace;
  }
}
