import type { SkillName } from './skills.ts';

/** A question that a person can pick, which brings what the assistant needs to answer it. */
export interface Prompt {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** What the person fills in. */
  readonly argument: string;
  readonly skill: SkillName;
  /** `given`: what they filled in, '' where nothing. */
  readonly task: (given: string) => string;
}

export const prompts: readonly Prompt[] = [
  {
    name: 'add-endpoint',
    title: 'Add an endpoint',
    description: 'Adds a resource to the configuration, checks it and shows what it would load',
    argument: 'The endpoint: its path, what it answers, or where it is documented',
    skill: 'add-endpoint',
    task: (given) =>
      `Add an endpoint to this pipeline${given === '' ? '' : `: ${given}`}. Read \`get_config\` first, draft the resource, check the whole file with \`validate_config\`, and show me the change before you save it.`,
  },
  {
    name: 'why-did-it-fail',
    title: 'Why did it fail?',
    description: 'Finds out why a run failed, and what to do',
    argument: 'The load id, when the run began, or nothing for the last one',
    skill: 'debug-run',
    task: (given) =>
      `Find out why ${given === '' ? 'the last run' : `the run ${given}`} of this pipeline failed. Begin with \`status\` and \`get_run\`, say what happened, why, and the one next step. Change nothing.`,
  },
  {
    name: 'write-a-query',
    title: 'Write a query',
    description: 'Writes and tries SQL that answers a question',
    argument: 'The question',
    skill: 'query-data',
    task: (given) =>
      `Write one SQL statement that answers this: ${given === '' ? '(ask me what)' : given}. Look at \`list_tables\` and \`describe_table\` first, try it with \`query\`, and give me the SQL with its answer.`,
  },
];
