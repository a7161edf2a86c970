import { createInterface } from 'node:readline';
import type { PipelineConfig } from '../config/pipeline-config.ts';
import { endAtOnce, realEffects, residentMemory, silentLog } from '../effects.ts';
import { asPipelineError, exitCodes } from '../errors.ts';
import { queryLive } from '../inspection/live-query.ts';
import { type ProcessAnswer, type ProcessQuestion, parsedQuestion, tookTooMuch } from '../inspection/query-lines.ts';
import { writeRowsFile } from '../inspection/rows-file.ts';
import { loadProject } from './load-project.ts';
import type { CommonOptions, Terminal } from './terminal.ts';

/**
 * `dezgo-elt query - --answer-lines`: what `QueryProcess` talks to. It ends, whatever DuckDB is doing, when nobody asks any more, or
 * when an answer takes more memory than it may: DuckDB neither counts all of its memory nor listens in the middle of a function.
 */
export async function answerLines(terminal: Terminal, options: CommonOptions): Promise<number> {
  const { streams } = terminal;
  if (streams === undefined) return exitCodes.ok;
  const send = (answer: ProcessAnswer) => terminal.write(`${JSON.stringify(answer)}\n`);
  const lines = createInterface({ input: streams.input, terminal: false });
  lines.once('close', endAtOnce);
  await send({ ready: true });
  for await (const line of lines) {
    const question = parsedQuestion(line);
    const watched = new AbortController();
    void watchMemory(watched.signal, async () => {
      await send({ error: tookTooMuch().toJSON() });
      endAtOnce();
    });
    try {
      const config = await loadProject(terminal, options, silentLog);
      await send(await answerTo(config, question));
    } catch (thrown) {
      await send({ error: asPipelineError(thrown).toJSON() });
    } finally {
      watched.abort();
    }
  }
  return exitCodes.ok;
}

// --- internal ---

async function answerTo(config: PipelineConfig, question: ProcessQuestion): Promise<ProcessAnswer> {
  if ('limits' in question) {
    return { answer: await queryLive(config, question.sql, question.limits, realEffects) };
  }
  await writeRowsFile(config, question.sql, question.file);
  return { saved: true };
}

/** Bytes: DuckDB's own limit, and as much again for Node and for what it does not count. */
const MOST_MEMORY = 1.2e9;
const LOOK_MS = 50;

async function watchMemory(ended: AbortSignal, tooMuch: () => Promise<void>): Promise<void> {
  while (!ended.aborted) {
    if (residentMemory() > MOST_MEMORY) return tooMuch();
    await realEffects.sleep(LOOK_MS, ended).catch(() => undefined);
  }
}
