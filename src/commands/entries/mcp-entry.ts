import { Option } from 'commander';
import type { McpOptions } from '../mcp.ts';
import { type CommandEntry, runOf } from './entry.ts';

export const mcpEntry: CommandEntry = {
  name: 'mcp',
  group: 'ask',
  summary: 'let an assistant look, by the Model Context Protocol',
  description:
    'Talk with an assistant by the Model Context Protocol, on standard input and output: it sees how fresh the data is, why runs failed, tables, SQL, costs and the configuration, and no key. It changes nothing.',
  options: [
    new Option('--allow-network', 'it may ask the source for first rows (`preview`)'),
    new Option('--allow-run', 'it may run the pipeline, but for what costs money'),
  ],
  example: ['claude mcp add dezgo-elt -- npx dezgo-elt mcp', 'dezgo-elt -c other.config.yaml mcp --allow-network'],
  run: runOf<McpOptions>(async () => (await import('../mcp.ts')).mcpCommand),
};
