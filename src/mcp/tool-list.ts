import type { McpProject } from './mcp-project.ts';
import type { AnyTool } from './tool.ts';
import { askTools } from './tools/ask-tools.ts';
import { configTools } from './tools/config-tools.ts';
import { costTools } from './tools/cost-tools.ts';
import { lookTools } from './tools/look-tools.ts';
import { sourceTools } from './tools/source-tools.ts';

const all: readonly AnyTool[] = [...lookTools, ...askTools, ...costTools, ...configTools, ...sourceTools];

/** Those that the person who started the server lets be. */
export function toolsFor({ mayPreview, mayRun }: Pick<McpProject, 'mayPreview' | 'mayRun'>): readonly AnyTool[] {
  const may = { network: mayPreview, run: mayRun };
  return all.filter(({ reach }) => reach === undefined || may[reach]);
}
