import { parse } from 'smol-toml';
import { expect, test } from 'vitest';
import { agentFiles } from '../../src/scaffold/agent-files.ts';
import { agents } from '../../src/scaffold/agent-names.ts';

const textsOf = (agent: (typeof agents)[number], config?: string) =>
  Object.fromEntries(agentFiles(agent, config === undefined ? {} : { config }).map(({ path, text }) => [path, text]));

const entry = { command: 'npx', args: ['dezgo-elt', 'mcp'] };

test('each assistant gets what it should know and the entry of the server, in the form that it reads', () => {
  const claude = textsOf('claude');
  expect(Object.keys(claude)).toEqual(['AGENTS.md', 'CLAUDE.md', '.mcp.json', '.claude/settings.json']);
  expect(JSON.parse(claude['.mcp.json'] ?? '')).toEqual({ mcpServers: { 'dezgo-elt': entry } });
  expect(JSON.parse(claude['.claude/settings.json'] ?? '').permissions.deny).toContain('Read(./secrets.yaml)');
  const cursor = textsOf('cursor');
  expect(JSON.parse(cursor['.cursor/mcp.json'] ?? '')).toEqual({ mcpServers: { 'dezgo-elt': entry } });
  expect(cursor['.cursorignore']?.split('\n')).toEqual(expect.arrayContaining(['.env', 'secrets.yaml']));
  expect(parse(textsOf('codex')['.codex/config.toml'] ?? '')).toEqual({ mcp_servers: { 'dezgo-elt': entry } });
  expect(JSON.parse(textsOf('vscode')['.vscode/mcp.json'] ?? '')).toEqual({
    servers: { 'dezgo-elt': { type: 'stdio', ...entry } },
  });
});

test('another configuration is named in every command', () => {
  for (const agent of agents) {
    const texts = Object.values(textsOf(agent, 'my "own".yaml'));
    expect(texts[0]).toContain(`npx dezgo-elt -c 'my "own".yaml' validate`);
    expect(texts.slice(1).some((text) => text.includes(String.raw`my \"own\".yaml`))).toBe(true);
    expect(agentFiles(agent)).toEqual(agentFiles(agent));
  }
});
