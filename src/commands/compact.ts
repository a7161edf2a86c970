import { age } from '../config/grammar/units.ts';
import type { Compaction, DataFiles } from '../destinations/destination.ts';
import { destinationOf } from '../destinations/destination-kinds.ts';
import { realEffects } from '../effects.ts';
import { exitCodes, PipelineError } from '../errors.ts';
import { failureMembers, jsonDocument } from '../report/json-report.ts';
import { compactRun } from '../run/compact-run.ts';
import { bytesText } from '../text/bytes.ts';
import { count } from '../text/count.ts';
import { loadProject } from './load-project.ts';
import { openLog } from './open-log.ts';
import type { CommonOptions, OutputFormat, Terminal } from './terminal.ts';

interface CompactOptions extends CommonOptions {
  readonly format: OutputFormat;
  readonly olderThan: string;
  readonly keep: number;
}

/** `dezgo-elt compact`: few large files in the place of many small ones. */
export async function compactCommand(terminal: Terminal, options: CompactOptions): Promise<number> {
  const olderThan = milliseconds(options.olderThan);
  const log = openLog(terminal, options);
  try {
    const config = await loadProject(terminal, options, log);
    const effects = { ...realEffects, env: terminal.env, log };
    const done = await compactRun(config, destinationOf(config), {
      ...{ keep: options.keep, olderThan, effects, signal: terminal.signal },
    });
    log.end();
    if (options.format === 'json') terminal.print(jsonDocument({ ...done, ...failureMembers(undefined) }));
    else if (options.quiet !== true) terminal.print(compactionText(done));
    return exitCodes.ok;
  } finally {
    log.end();
  }
}

// --- internal ---

function compactionText({ before, after, expiredSnapshots, deletedFiles }: Compaction): string {
  return [
    `${filesText(before)} → ${filesText(after)}.`,
    `Forgot ${count(expiredSnapshots, 'snapshot')}, deleted ${count(deletedFiles, 'file')} that nobody needs.`,
  ].join('\n');
}

function filesText({ files, bytes }: DataFiles): string {
  return `${count(files, 'data file')}, ${bytesText(bytes)}`;
}

function milliseconds(text: string): number {
  const parsed = age.safeParse(text);
  if (parsed.success) return parsed.data;
  throw new PipelineError({
    code: 'UsageInvalid',
    message: `\`--older-than ${text}\`: expected a duration such as \`7d\` or \`12h\`.`,
    hint: 'What is younger stays: snapshots, and files that no snapshot needs any more.',
    facts: { olderThan: text },
  });
}
