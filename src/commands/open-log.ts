import { realEffects } from '../effects.ts';
import type { EventListener } from '../events.ts';
import { bothLogs, eventLog } from '../report/event-log.ts';
import { levelOf } from '../report/event-text.ts';
import { type ProgressLog, progressLog, progressStyle } from '../report/progress.ts';
import type { CommonOptions, Terminal } from './terminal.ts';

type Shown = Pick<CommonOptions, 'progress' | 'quiet'>;

/** Warnings and progress as the options want them. A log file has everything. */
export function openLog(
  { stderr, env, listening }: Pick<Terminal, 'stderr' | 'env' | 'listening'>,
  how: Shown,
): ProgressLog {
  const { now } = realEffects;
  const shown =
    listening?.stderr === undefined
      ? progressLog(stderr, progressStyle(how.progress, stderr, env), how.quiet ?? false, now)
      : eventLog(asWanted(listening.stderr, how), now);
  return listening?.file === undefined ? shown : bothLogs(shown, eventLog(listening.file, now));
}

// --- internal ---

const ofProgress = new Set(['progress', 'waiting', 'request']);

function asWanted(tell: EventListener, { progress, quiet = false }: Shown): EventListener {
  return (event) => {
    const level = levelOf(event);
    if (quiet && level !== 'warn' && level !== 'error') return;
    if (progress === 'none' && ofProgress.has(event.event)) return;
    tell(event);
  };
}
