import { dirname } from 'node:path';
import type { PipelineConfig } from '../config/pipeline-config.ts';
import { secretsIn } from '../config/secrets-in.ts';
import type { Effects } from '../effects.ts';
import { asPipelineError } from '../errors.ts';
import { currentFolder } from '../files/current-folder.ts';
import { reasonOf } from '../files/reason.ts';
import { tryFile, type Writing } from '../files/try-file.ts';
import { isProgramThere } from '../notify/find-program.ts';
import { isHttpAddress } from '../notify/post.ts';

/** Why somebody outside would not be told of a run, which does not fail for that. */
export interface Untold {
  /** Whose: `pipeline.notify[0].command`. */
  readonly key: string;
  readonly message: string;
  readonly hint: string;
}

/** Looks at all that `notify`, `ping`, `metrics_file` and `openlineage` need; asks the commands for their secrets, and nobody else. */
export async function untold(config: PipelineConfig, { env }: Pick<Effects, 'env'>): Promise<Untold[]> {
  const { metrics_file, openlineage } = config.pipeline;
  const found = await Promise.all([
    unknownSecrets(config),
    missingPrograms(config, env),
    unwritable('pipeline.metrics_file', metrics_file, 'replaced'),
    unwritable('pipeline.openlineage.file', openlineage?.file, 'appended'),
  ]);
  return found.flat();
}

// --- internal ---

async function unknownSecrets({ pipeline }: PipelineConfig): Promise<Untold[]> {
  const { notify, ping, openlineage } = pipeline;
  const found: Untold[] = [];
  for (const { secret, path } of secretsIn({ notify: soleOrAll(notify), ping, openlineage }, ['pipeline'])) {
    const key = path
      .reduce<string>((text, one) => text + (typeof one === 'number' ? `[${one}]` : `.${one}`), '')
      .slice(1);
    try {
      await secret.settle();
      const value = secret.reveal();
      if (path.at(-1) !== 'url' || isHttpAddress(value)) continue;
      found.push({ key, message: `what ${secret.origin} holds is no http address`, hint: 'Write it as `https://…`.' });
    } catch (thrown) {
      const { message, hint } = asPipelineError(thrown);
      found.push({ key, message, hint });
    }
  }
  return found;
}

/** As it is written: one alone is no list. */
function soleOrAll<Entry>(entries: readonly Entry[] = []): readonly Entry[] | Entry | undefined {
  return entries.length === 1 ? entries[0] : entries;
}

async function missingPrograms({ file, pipeline }: PipelineConfig, env: Effects['env']): Promise<Untold[]> {
  const folder = file === undefined ? currentFolder() : dirname(file);
  const { notify = [] } = pipeline;
  const found = notify.map(async ({ command: [program] = [] }, index) => {
    if (program === undefined || (await isProgramThere(program, folder, env))) return [];
    return {
      key: `pipeline.notify${notify.length === 1 ? '' : `[${index}]`}.command`,
      message: `there is no program \`${program}\` that can be started${program.includes('/') ? '' : ' in `PATH`'}`,
      hint: 'Install it, make it executable, or write its whole path: cron has a short `PATH`.',
    };
  });
  return (await Promise.all(found)).flat();
}

async function unwritable(key: string, path: string | undefined, writing: Writing): Promise<Untold[]> {
  if (path === undefined) return [];
  return tryFile(path, writing).then(
    () => [],
    (error: unknown) => [
      {
        key,
        message: `${path} cannot be written: ${reasonOf(error)}`,
        hint: 'Make its folder, which no run does, and let this user write there.',
      },
    ],
  );
}
