import { aligned } from '../text/aligned.ts';
import { count, shortened } from '../text/count.ts';
import { plainText } from '../text/plain-text.ts';
import { quotedCommand } from '../text/quoted-command.ts';

/** What `init` made. Public as `init --format json`: keys are only ever added. */
export interface InitReport {
  /** Absolute, as all paths here. */
  readonly folder: string;
  readonly config: string;
  readonly written: readonly string[];
  /** Of these, those that were as an earlier `init` had written them. */
  readonly replaced: readonly string[];
  /** There already, and left as they are. */
  readonly kept: readonly string[];
  /** Added to `.gitignore`; null where no ordinary file is there. */
  readonly ignoreLines: number | null;
  /** Files that are there and stay as they are, with what they lack. */
  readonly toAdd: readonly { readonly path: string; readonly text: string }[];
  /** From a document; else null. */
  readonly source: InitSource | null;
  /** Commands, in their order. */
  readonly next: readonly InitStep[];
}

interface InitSource {
  readonly document: string;
  readonly baseUrl: string;
  readonly resources: number;
  /** Of these, what a run loads. */
  readonly selected: number;
  /** Of these, lists of which only the first page is read, though there may be more. */
  readonly openEnded: number;
  /** Names of the secrets that requests need. */
  readonly secrets: readonly string[];
  /** What was left out of the document. */
  readonly notes: readonly string[];
  /** What `--sample` brought; null without it. */
  readonly sample: InitSample | null;
}

interface InitSample {
  /** That were sent. */
  readonly requests: number;
  /** Resources whose selector the document had wrong. */
  readonly corrected: readonly string[];
  /** Resources that were refused (401, 403), though others were answered. */
  readonly refused: readonly string[];
}

export interface InitStep {
  readonly command: string;
  readonly what: string;
}

/** For people. `name` shows a path. */
export function initText(report: InitReport, name: (path: string) => string): string {
  const { folder, written, kept, ignoreLines, toAdd, source, next } = report;
  const about = (path: string) =>
    [
      ...(path === report.config && source !== null ? [resourcesText(source)] : []),
      ...(report.replaced.includes(path) ? ['replaced: it was as init wrote it'] : []),
    ].join('; ');
  const rows = [
    ...written.map((path) => [name(path), about(path)]),
    ...(ignoreLines === null ? [['.gitignore', 'is no ordinary file: left alone; git may see secrets.yaml']] : []),
    ...(ignoreLines !== null && ignoreLines > 0 ? [['.gitignore', `${count(ignoreLines, 'line')} added`]] : []),
    ...kept.map((path) => [name(path), 'there already, left as it is']),
  ];
  const made = written.length === 0 && !ignoreLines ? 'Nothing to do in' : 'Made in';
  return [
    `${made} ${plainText(folder)}:`,
    ...aligned(rows, ['left', 'left']),
    ...(source === null
      ? []
      : [
          '',
          `Requests go to ${plainText(source.baseUrl)}. Every guess is a comment with its reason.`,
          ...(source.openEnded === 0 ? [] : [openEndedText(source.openEnded)]),
          ...(source.sample === null ? [] : [sampleText(source.sample)]),
          ...source.notes.map((note) => `  ${note}`),
        ]),
    ...toAdd.flatMap(({ path, text }) => ['', `Add to ${name(path)}:`, ...text.trimEnd().split('\n')]),
    '',
    'Next:',
    ...aligned(
      next.map(({ command, what }) => [command, what]),
      ['left', 'left'],
    ),
  ].join('\n');
}

/** A step, its words quoted as a shell needs them. */
export function initStep(words: readonly string[], what: string): InitStep {
  return { command: quotedCommand(words), what };
}

// --- internal ---

function openEndedText(lists: number): string {
  return `${count(lists, 'list')} may be read to ${lists === 1 ? 'its' : 'their'} first page only: see \`paginator:\` in the file.`;
}

function sampleText({ requests, corrected, refused }: InitSample): string {
  const of = (names: readonly string[]) => (names.length === 0 ? '' : ` (${shortened(names)})`);
  return `The sample sent ${count(requests, 'request')}: ${count(corrected.length, 'selector')} corrected${of(corrected)}, ${count(refused.length, 'list')} refused${of(refused)}.`;
}

function resourcesText({ resources, selected }: InitSource): string {
  const others = resources - selected;
  const left = others === 0 ? '' : `; ${others} with \`selected: false\`, each with the reason`;
  return `${count(resources, 'resource')}, of which a run loads ${selected}${left}`;
}
