import { Argument, Option } from 'commander';
import { agents } from '../../scaffold/agent-names.ts';
import type { InitOptions } from '../init.ts';
import { type CommandEntry, formatOption, runOf } from './entry.ts';

export const initEntry: CommandEntry = {
  name: 'init',
  group: 'operate',
  summary: 'begin in a folder: configuration, secrets example, .gitignore',
  description:
    'Write the Dezgo configuration into a folder, or one made from the OpenAPI document of another API: its lists become resources, and every guess is a comment with its reason. Also secrets.example.yaml, and lines at the end of .gitignore. Overwrites nothing: where one of the files is there with another content, none is written.',
  operands: [new Argument('[dir]', 'the folder; made where it is not there').default('.', 'the current one')],
  options: [
    new Option('--example <name>', 'another shipped configuration: Dezgo on RapidAPI, or Segmind').choices([
      'rapidapi',
      'segmind',
    ]),
    new Option('--from-openapi <file-or-url>', 'an OpenAPI document, 3.0 or 3.1, JSON or YAML, up to 20 MB'),
    new Option(
      '--sample',
      'ask each list of the document once, with your key, and correct by what comes; never a POST',
    ),
    new Option('--agent <name>', 'also what an assistant reads, and its entry of the MCP server').choices(agents),
    formatOption(),
  ],
  example: [
    'dezgo-elt init',
    'dezgo-elt init shop --from-openapi https://shop.example.com/openapi.json',
    'dezgo-elt init --from-openapi openapi.yaml --sample',
    'dezgo-elt init --agent claude',
  ],
  run: runOf<InitOptions>(async () => (await import('../init.ts')).initCommand),
};
