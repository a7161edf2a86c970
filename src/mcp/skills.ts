import { readFile } from 'node:fs/promises';

/** What an assistant can read to do something, by name; the files come with the package. */
export const skillNames = ['add-endpoint', 'debug-run', 'query-data', 'schedule'] as const;

export type SkillName = (typeof skillNames)[number];

export interface Skill {
  readonly name: SkillName;
  /** When to read it. */
  readonly description: string;
  /** Markdown, without the front matter. */
  readonly text: string;
}

/** From `skills/` of the package. */
export async function readSkill(name: SkillName): Promise<Skill> {
  const content = await readFile(new URL(`../../skills/${name}/SKILL.md`, import.meta.url), 'utf8');
  const [, front = '', text = content] = /^---\n(.*?)\n---\n(.*)$/s.exec(content) ?? [];
  const description = /^description: (.*)$/m.exec(front)?.[1] ?? '';
  return { name, description, text: text.trim() };
}
