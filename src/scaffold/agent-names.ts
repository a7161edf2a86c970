/** Assistants that can be given files of their own. */
export const agents = ['claude', 'cursor', 'codex', 'vscode'] as const;

export type Agent = (typeof agents)[number];
