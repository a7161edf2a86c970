import { join, relative, resolve, sep } from 'node:path';
import type { PipelineConfig } from '../config/pipeline-config.ts';
import { baseUrlOf } from '../config/variables.ts';
import { destinationOf } from '../destinations/destination-kinds.ts';
import { PipelineError } from '../errors.ts';
import { withoutTelling } from '../run/telling.ts';
import { startSandbox } from '../sandbox/stand-in-api.ts';
import { quotedWord } from '../text/quoted-command.ts';
import { loadProject } from './load-project.ts';
import { runAndReport } from './run.ts';
import { playedConfigs, shipped, standInEnvironment, standInFolder } from './stand-in.ts';
import type { CommonOptions, Terminal } from './terminal.ts';

/**
 * `dezgo-elt demo`: the shipped configuration against the stand-in, in this process. Only our own variables and the example
 * of a secrets file are read, so that nothing of the user's set-up reaches the demo, and nothing of the demo their data.
 */
export async function demoCommand(terminal: Terminal, options: CommonOptions): Promise<number> {
  if (!options.quiet) {
    terminal.print('Demo: this run talks to a stand-in of the Dezgo API on this machine. Every row is invented.\n');
  }
  const sandbox = await startSandbox();
  try {
    const { CI, TERM } = terminal.env;
    const inDemo: Terminal = { ...terminal, env: { CI, TERM, ...standInEnvironment(sandbox) } };
    const exitCode = await runAndReport(inDemo, { ...options, format: 'text' }, async (log) => {
      const files = { config: shipped('pipeline.config.yaml'), secrets: shipped('secrets.example.yaml') };
      const config = await loadProject(inDemo, files, log);
      requireStandIn(config, sandbox.url, resolve(terminal.cwd, standInFolder));
      return withoutTelling(config);
    });
    if (exitCode === 0 && !options.quiet) terminal.print(`\n${howToQuery(terminal.cwd)}`);
    return exitCode;
  } finally {
    await sandbox.close();
  }
}

/** An edited configuration may have moved what the variables address; then nothing is requested at all. */
function requireStandIn(config: PipelineConfig, url: string, folder: string): void {
  const { source, pipeline } = config;
  const isInside = (path: string) => path.startsWith(folder + sep);
  const talksToStandIn = source.client !== undefined && new URL(baseUrlOf(source.client)).origin === url;
  if (talksToStandIn && isInside(destinationOf(config).location) && isInside(pipeline.working_dir)) return;
  throw new PipelineError({
    code: 'UsageInvalid',
    message: 'pipeline.config.yaml was changed so that the demo would not use the stand-in.',
    hint: 'The demo needs the source name dezgo_api_source. Start `dezgo-elt sandbox` to try a configuration of your own.',
  });
}

function howToQuery(cwd: string): string {
  const { file: shippedFile, pipeline } = playedConfigs.dezgo;
  const file = join(standInFolder, `${pipeline}.duckdb`);
  const own = relative(cwd, shipped(shippedFile));
  const config = own === shippedFile ? '' : ` -c ${quotedWord(own.startsWith('..') ? shipped(shippedFile) : own)}`;
  const [toFile, toFolder] = [
    `DESTINATION__DUCKDB__CREDENTIALS=${file}`,
    `PIPELINE__WORKING_DIR=${join(standInFolder, '.dezgo-elt')}`,
  ];
  return [
    `The rows are in ${file}. Query them, look at them and at the run in a browser, or take them elsewhere:`,
    `  ${toFile} npx dezgo-elt${config} query "select id, name, family from models limit 10"`,
    `  ${toFile} ${toFolder} npx dezgo-elt${config} show`,
    `  duckdb -readonly ${file} "select id, name, family from dezgo_api_data.models limit 10"`,
    `  python -c "import duckdb; duckdb.connect('${file}', read_only=True).sql('from dezgo_api_data.models').show()"`,
    'With a key of your own in DEZGO_API_KEY or secrets.yaml (see secrets.example.yaml): npx dezgo-elt run',
  ].join('\n');
}
