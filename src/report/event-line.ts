import type { RunEvent } from '../events.ts';
import { isoTime } from '../text/iso-time.ts';
import { eventText, levelOf } from './event-text.ts';
import { jsonLine } from './json-report.ts';

/** An event as a line of a log, with its line break: time, level, event and a message for people come first. */
export function eventLine(event: RunEvent): string {
  const { time, event: name, ...facts } = event;
  const head = { time: isoTime(time), level: levelOf(event), event: name, message: eventText(event) };
  return `${jsonLine({ ...head, ...facts })}\n`;
}
