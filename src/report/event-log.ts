import type { EventListener } from '../events.ts';
import type { ProgressLog } from './progress.ts';

/** A log for programs: everything that is said to it is told as an event. */
export function eventLog(tell: EventListener, now: () => number): ProgressLog {
  const text = (event: 'warning' | 'progress' | 'notice') => (message: string) => tell({ event, time: now(), message });
  return {
    warn: text('warning'),
    progress: text('progress'),
    announce: text('notice'),
    tell: text('notice'),
    event: tell,
    end() {},
  };
}

/** Two that are told the same. */
export function bothLogs(one: ProgressLog, other: ProgressLog): ProgressLog {
  const both = [one, other];
  return {
    warn: (message) => both.forEach((log) => void log.warn(message)),
    progress: (message) => both.forEach((log) => void log.progress(message)),
    keep: (message) => both.forEach((log) => void log.keep?.(message)),
    announce: (message) => both.forEach((log) => void log.announce?.(message)),
    tell: (message) => both.forEach((log) => void log.tell(message)),
    event: (event) => both.forEach((log) => void log.event?.(event)),
    end: () => both.forEach((log) => void log.end()),
  };
}
