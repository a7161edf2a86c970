import type { UntimedEvent } from '../events.ts';
import { count } from '../text/count.ts';
import { seconds } from '../text/duration.ts';
import { askedText } from './asked.ts';

export type EventLevel = 'debug' | 'info' | 'warn' | 'error';

/** How much somebody should care. */
export function levelOf({ event }: Pick<UntimedEvent, 'event'>): EventLevel {
  if (event === 'failure') return 'error';
  if (event === 'warning') return 'warn';
  return event === 'request' ? 'debug' : 'info';
}

/** An event as one line for people. */
export function eventText(told: UntimedEvent): string {
  switch (told.event) {
    case 'run.started':
      return `run of ${told.pipeline} started: ${told.resources.join(', ')}`;
    case 'step.started':
      return `${told.step} started`;
    case 'step.finished':
      return `${told.step} took ${seconds(told.milliseconds)}`;
    case 'resource.started':
      return `${told.resource}: started`;
    case 'resource.finished': {
      const { resource, status, records, milliseconds, error } = told;
      const how = `${resource}: ${status}, ${count(records, 'record')}, ${seconds(milliseconds)}`;
      return error === undefined ? how : `${how}: ${error.message}`;
    }
    case 'request': {
      const { resource, method, url, status, milliseconds } = told;
      if (status === null) return `${resource}: ${method} ${url} got no reply, ${seconds(milliseconds)}`;
      return `${resource}: ${askedText({ request: `${method} ${url}`, status, milliseconds })}`;
    }
    case 'package.finished': {
      const rows = told.tables.reduce((sum, table) => sum + table.rows, 0);
      return `load package ${told.loadId} is ${told.state}${told.state === 'loaded' ? `: ${count(rows, 'row')}` : ''}`;
    }
    case 'run.finished': {
      const { pipeline, exitCode, milliseconds, failure } = told;
      const how = `run of ${pipeline} finished with ${exitCode} after ${seconds(milliseconds)}`;
      return failure === null ? how : `${how}: ${failure.message}`;
    }
    case 'waiting':
    case 'progress':
    case 'notice':
    case 'note':
    case 'warning':
    case 'failure':
      return told.message;
  }
}
