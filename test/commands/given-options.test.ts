import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { repeatingOptions } from '../../src/commands/given-options.ts';
import type { Terminal } from '../../src/commands/terminal.ts';
import { smallYaml, yamlProject } from '../support/project.ts';

/** What a text becomes when it is printed by a command with these arguments. */
function printed(args: readonly string[], text: string): string {
  let written = '';
  const terminal: Terminal = {
    cwd: '/',
    env: {},
    program: [],
    print: (line) => {
      written += line;
    },
    write: async () => true,
    input: async () => '',
    stderr: { isTerminal: false, columns: 0, write: () => {} },
    ask: async () => undefined,
    fail: () => {},
    signal: new AbortController().signal,
  };
  repeatingOptions(args, terminal).print(text);
  return written;
}

it.each([
  [['run'], 'dezgo-elt run a'],
  [['run', '-c', 'b.yaml'], 'dezgo-elt -c b.yaml run a'],
  [['run', 'a', '--config=b.yaml', '--secrets', 's.yaml'], 'dezgo-elt -c b.yaml --secrets s.yaml run a'],
  [['-cb.yaml', 'run', '--from', '3'], 'dezgo-elt -c b.yaml run a'],
  [['run', '-c', "it's here.yaml"], "dezgo-elt -c 'it'\\''s here.yaml' run a"],
])('with %j, `dezgo-elt run a` in a text is %j', (args, command) => {
  expect(printed(args, 'Run again: dezgo-elt run a')).toBe(`Run again: ${command}`);
  expect(JSON.parse(printed(args, JSON.stringify({ hint: 'dezgo-elt run a' }, null, 2)))).toEqual({ hint: command });
});

it('leaves alone what is no command on a configuration', () => {
  const text = 'Start `dezgo-elt sandbox`; dezgo-elt cannot write that; see dezgo-elt.';
  expect(printed(['run', '-c', 'b.yaml'], text)).toBe(text);
});

it('names the file in hints of every kind: of a broken configuration, of what was named, of the plan', async () => {
  const { cwd, run } = await yamlProject();
  await rename(join(cwd, 'pipeline.config.yaml'), join(cwd, 'other.yaml'));
  const env = { SHOP_KEY: 'abcd1234' };
  const of = async (...args: string[]) => {
    const { stdout, stderr } = await run([...args, '-c', 'other.yaml'], env);
    return stdout + stderr;
  };
  expect(await of('validate')).toContain('Only when named (`dezgo-elt -c other.yaml run RESOURCE`)');
  for (const [command, own] of [
    ['run nothing', 'run models'],
    ['run --exclude nothing', 'run --exclude models'],
    ['run --dry-run nothing', 'run --dry-run models'],
    ['plan nothing', 'plan models'],
    ['plan --exclude nothing', 'plan --exclude models'],
    ['check nothing', 'check models'],
    ['record kept nothing', 'record kept models'],
    ['preview nothing', 'preview models'],
    ['schema --diff nothing', 'schema --diff models'],
  ] as const)
    expect(await of(...command.split(' '))).toContain(`Name some of them: dezgo-elt -c other.yaml ${own}\n`);
  const asJson = JSON.parse(
    await of('run', 'nothing', '--format', 'json').then((text) => text.split('\nerror:')[0] ?? ''),
  );
  expect(JSON.stringify(asJson)).toContain('dezgo-elt -c other.yaml run models');
  const broken = await yamlProject(smallYaml.replace('primary_key', 'primry_key'));
  const { stderr } = await broken.run(['validate', '-c', join(broken.cwd, 'pipeline.config.yaml')], env);
  expect(stderr).toMatch(/then check with `dezgo-elt -c \S+pipeline\.config\.yaml validate`/);
});
