import { type ArchivedRun, archivedLoads, readArchivedRun } from '../archive/archived-run.ts';
import type { PipelineConfig } from '../config/pipeline-config.ts';
import { PipelineError } from '../errors.ts';
import { shortened } from '../text/count.ts';

/** What an archived run loaded. Throws UsageInvalid where there is no such run of this pipeline. */
export async function archivedRun({ pipeline }: PipelineConfig, loadId: string): Promise<ArchivedRun> {
  const { name, working_dir } = pipeline;
  const run = readArchivedRun(working_dir, loadId);
  if (run?.pipeline === name) return run;
  const others = await archivedLoads(working_dir, name);
  const newest = others.toReversed();
  throw new PipelineError({
    code: 'UsageInvalid',
    message: `There is no archive of a load \`${loadId}\` of the pipeline \`${name}\` in ${working_dir}.`,
    hint:
      newest.length === 0
        ? 'Replies are kept where `pipeline.archive: { keep: 7d }` says so.'
        : `These are there, the newest first: ${shortened(newest)}. For one: dezgo-elt replay ${newest[0]}`,
    facts: { loadId, archived: newest },
  });
}
