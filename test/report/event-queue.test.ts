import { expect, test } from 'vitest';
import { EventQueue } from '../../src/report/event-queue.ts';

test('events that nobody takes wait in a memory that is limited: those that are frequent are left out, and counted', async () => {
  const queue = new EventQueue();
  for (let time = 0; time < 10_003; time += 1) queue.add({ event: 'progress', time, message: 'page' });
  queue.add({ event: 'step.finished', time: 1, step: 'extract', milliseconds: 1 });
  queue.end();
  queue.add({ event: 'note', time: 1, message: 'too late' });
  const kinds: string[] = [];
  const messages: string[] = [];
  for (let event = await queue.next(); event !== undefined; event = await queue.next()) {
    kinds.push(event.event);
    if (event.event === 'warning') messages.push(event.message);
  }
  expect(kinds.filter((kind) => kind === 'progress')).toHaveLength(10_000);
  expect(kinds.slice(-2)).toEqual(['step.finished', 'warning']);
  expect(messages).toEqual(['3 events of requests and progress were left out: nobody took them in time.']);
});
