import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { type Effects, realEffects } from '../effects.ts';
import { exitCodes, PipelineError } from '../errors.ts';
import { isOpenEnded } from '../openapi/drafted-source.ts';
import { type InitReport, type InitStep, initStep, initText } from '../report/init-text.ts';
import { failureMembers, jsonDocument } from '../report/json-report.ts';
import { agentFiles, hasEntry } from '../scaffold/agent-files.ts';
import type { Agent } from '../scaffold/agent-names.ts';
import type { DraftedFiles } from '../scaffold/drafted-files.ts';
import { addIgnoreLines, type NewFile, writeNewFiles } from '../scaffold/new-files.ts';
import { copiedConfig } from '../scaffold/schema-line.ts';
import { openLog } from './open-log.ts';
import { playedConfigs, shipped } from './stand-in.ts';
import type { CommonOptions, OutputFormat, Terminal } from './terminal.ts';

export interface InitOptions extends CommonOptions {
  readonly example?: 'rapidapi' | 'segmind';
  readonly fromOpenapi?: string;
  readonly sample?: boolean;
  readonly agent?: Agent;
  readonly format: OutputFormat;
}

/** `dezgo-elt init [DIR]`: a configuration, an example of its secrets, and what git should not see. Overwrites nothing. */
export async function initCommand(
  terminal: Terminal,
  options: InitOptions,
  [dir = '.']: readonly string[],
): Promise<number> {
  requireOneOrigin(options);
  const config = resolve(terminal.cwd, dir, options.config);
  const folder = dirname(config);
  const log = openLog(terminal, options);
  try {
    const effects = { ...realEffects, env: terminal.env, log };
    const made = hasOwnConfig(options, config)
      ? undefined
      : await madeFiles(terminal, options, { folder, effects }).catch(asStopped);
    const ofAgent = filesOfAgent(options.agent, config);
    const isExtended = made === undefined;
    const { written, replaced, kept } = await writeNewFiles([
      ...(isExtended
        ? []
        : [
            { path: config, content: made.config, replaces: made.draft?.unsampled },
            { path: join(folder, 'secrets.example.yaml'), content: made.secrets },
          ]),
      ...ofAgent,
    ]);
    const ignoreLines = (await addIgnoreLines(join(folder, '.gitignore'))) ?? null;
    const source = made?.draft === undefined ? null : sourceOf(made.draft, options.fromOpenapi ?? '');
    const next = nextSteps(relative(terminal.cwd, folder), basename(config), {
      isExtended,
      isIgnored: ignoreLines !== null,
      secrets: source?.secrets,
    });
    const toAdd = await missingEntries(ofAgent, kept);
    const report = { folder, config, written, replaced, kept, ignoreLines, toAdd, source, next };
    log.end();
    if (options.format === 'json') terminal.print(jsonDocument({ ...report, ...failureMembers(undefined) }));
    else if (options.quiet !== true) terminal.print(initText(report, (path) => relative(folder, path)));
    return exitCodes.ok;
  } finally {
    log.end();
  }
}

// --- internal ---

/** A project that is there gets the files of an assistant alone. */
function hasOwnConfig({ agent, example, fromOpenapi }: InitOptions, config: string): boolean {
  return agent !== undefined && example === undefined && fromOpenapi === undefined && existsSync(config);
}

/** Those that are there already are a person's own. */
function filesOfAgent(agent: Agent | undefined, config: string): EntryFile[] {
  if (agent === undefined) return [];
  const files = agentFiles(agent, { config: basename(config) });
  return files.map(({ path, text, isEntry = false }) => ({
    path: join(dirname(config), path),
    content: text,
    isOptional: true,
    isEntry,
  }));
}

interface EntryFile extends NewFile {
  readonly isEntry: boolean;
}

/** What a person has to add to the files of their own. */
async function missingEntries(files: readonly EntryFile[], kept: readonly string[]): Promise<InitReport['toAdd']> {
  const found = files.filter(({ path, isEntry }) => isEntry && kept.includes(path));
  const texts = await Promise.all(found.map(({ path }) => readFile(path, 'utf8').catch(() => '')));
  return found.flatMap(({ path, content }, index) => (hasEntry(texts[index] ?? '') ? [] : [{ path, text: content }]));
}

interface Made {
  readonly config: string;
  readonly secrets: string;
  readonly draft?: DraftedFiles;
}

interface Place {
  readonly folder: string;
  readonly effects: Effects;
}

function requireOneOrigin({ example, fromOpenapi, sample }: InitOptions): void {
  const refuse = (message: string, hint: string) => new PipelineError({ code: 'UsageInvalid', message, hint });
  if (example !== undefined && fromOpenapi !== undefined)
    throw refuse('--example and --from-openapi each say what the configuration is made of.', 'Name one of them.');
  if (fromOpenapi?.trim() === '')
    throw refuse('--from-openapi names nothing.', 'Name a file, or an address that begins with https://.');
  if (fromOpenapi !== undefined && /^[a-z][a-z\d+.-]*:\/\//i.test(fromOpenapi) && !isAddress(fromOpenapi))
    throw refuse(
      `${fromOpenapi.split(':')[0]}:// is not asked for an OpenAPI document.`,
      'Name a file, or an address that begins with https:// or http://.',
    );
  if (sample === true && fromOpenapi === undefined)
    throw refuse('--sample corrects what was made of an OpenAPI document.', 'Name one with `--from-openapi`.');
}

const stops: ReadonlySet<string> = new Set(['HungUp', 'Interrupted', 'Terminated']);

/** What is stopped is no run. */
function asStopped(thrown: unknown): never {
  if (!(thrown instanceof PipelineError) || !stops.has(thrown.code)) throw thrown;
  const { code, facts, cause } = thrown;
  const by = typeof facts.signal === 'string' ? ` by ${facts.signal}` : '';
  throw new PipelineError({
    code,
    message: `init was stopped${by}. Nothing was written.`,
    hint: 'Say it again.',
    facts,
    cause,
  });
}

async function madeFiles(terminal: Terminal, options: InitOptions, { folder, effects }: Place): Promise<Made> {
  const { example, fromOpenapi: from, secrets, sample } = options;
  if (from === undefined) return shippedFiles(playedConfigs[example ?? 'dezgo'].file, folder);
  const { fetchedDocument, readDocument } = await import('../scaffold/fetch-document.ts');
  const { fetchTransport } = await import('../extract/http/fetch-transport.ts');
  const { draftedFiles } = await import('../scaffold/drafted-files.ts');
  if (isAddress(from)) effects.log.progress(`asking ${shownName(from)}`);
  const document = isAddress(from)
    ? await fetchedDocument(from, fetchTransport(terminal.env), terminal.signal)
    : await readDocument(resolve(terminal.cwd, from), from);
  const secretsFile = secrets === undefined ? {} : { secretsFile: resolve(terminal.cwd, secrets) };
  const draft = await draftedFiles(document, {
    from: shownName(from),
    folder,
    sample: sample === true ? { effects, signal: terminal.signal, ...secretsFile } : undefined,
  });
  return { ...draft, draft };
}

async function shippedFiles(file: string, folder: string): Promise<Made> {
  const text = (name: string) => readFile(shipped(name), 'utf8');
  const config = copiedConfig(await text(file), folder);
  return { config, secrets: await text(join(dirname(file), 'secrets.example.yaml')) };
}

function isAddress(place: string): boolean {
  return /^https?:\/\//i.test(place);
}

/** Without what may be a key. */
function shownName(from: string): string {
  return isAddress(from) ? (from.split(/[?#]/)[0] ?? from) : from;
}

function sourceOf({ draft, keys, sample }: DraftedFiles, from: string): NonNullable<InitReport['source']> {
  const { resources, baseUrl, notes } = draft;
  const selected = resources.filter(({ whyNot }) => whyNot === undefined);
  return {
    document: shownName(from),
    baseUrl: baseUrl.value,
    resources: resources.length,
    selected: selected.length,
    openEnded: selected.filter(isOpenEnded).length,
    secrets: keys,
    notes,
    sample: sample ?? null,
  };
}

interface NextParts {
  /** The configuration was there: its keys are its owner's affair. */
  readonly isExtended: boolean;
  readonly isIgnored: boolean;
  /** That requests need; undefined where the shipped configuration says so itself. */
  readonly secrets: readonly string[] | undefined;
}

function nextSteps(folder: string, config: string, { isExtended, isIgnored, secrets }: NextParts): InitStep[] {
  const program = ['npx', 'dezgo-elt', ...(config === 'pipeline.config.yaml' ? [] : ['-c', config])];
  const needsKey = !isExtended && (secrets === undefined || secrets.length > 0);
  const ignored = isIgnored ? 'git ignores it' : 'keep it out of git';
  return [
    ...(folder === '' ? [] : [initStep(['cd', folder], '')]),
    ...(needsKey
      ? [
          initStep(
            ['cp', 'secrets.example.yaml', 'secrets.yaml'],
            `put your ${secrets?.join(', ') ?? 'key'} into it; ${ignored}`,
          ),
          initStep(['chmod', '600', 'secrets.yaml'], ''),
        ]
      : []),
    initStep([...program, 'validate'], 'what would be requested'),
    initStep([...program, 'check'], 'asks for one page of each resource'),
    initStep([...program, 'run'], 'loads'),
    ...(secrets === undefined && !isExtended
      ? [initStep(['npx', 'dezgo-elt', 'demo'], 'without a key: loads from a stand-in into demo/')]
      : []),
  ];
}
