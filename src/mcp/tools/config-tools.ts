import { dirname } from 'node:path';
import { z } from 'zod';
import { loadConfigText } from '../../config/load-config.ts';
import { asPipelineError } from '../../errors.ts';
import { settings } from '../../inspection/settings.ts';
import { type AnyTool, tool } from '../tool.ts';

/** The configuration: what it is, and whether a new one would be right. */
export const configTools: readonly AnyTool[] = [
  tool({
    name: 'get_config',
    title: 'The configuration as it counts',
    description:
      'Every value with where it came from (file:line:column, environment, default), and warnings; of secrets only whether they were found and where they were looked for. With `under` only what is below that path.',
    input: z.strictObject({
      under: z.string().max(200).optional().describe('Such as `source.resources.models` or `pipeline.destination`'),
      defaults: z.boolean().default(false).describe('Also what nobody wrote'),
    }),
    call: async ({ load, shownFile }, { under, defaults }) => {
      const { values, secrets, ...rest } = settings(await load(), shownFile);
      const isMeant = ({ path }: { readonly path: string }) =>
        under === undefined || path === under || path.startsWith(`${under}.`) || path.startsWith(`${under}[`);
      return {
        ...rest,
        values: values.filter((one) => isMeant(one) && (defaults || one.from !== 'default')),
        secrets: secrets.filter(isMeant),
      };
    },
  }),
  tool({
    name: 'validate_config',
    title: 'Check a configuration',
    description:
      'Checks the text of a configuration (YAML) that is handed in, and tells every problem with line and column. Nothing is written, sent or started, no file and no environment is read; secrets count as there. Check every draft with it before it is saved.',
    input: z.strictObject({ yaml: z.string().max(200_000) }),
    call: async ({ load }, { yaml }) => {
      const folder = dirname((await load().catch(() => undefined))?.config.file ?? '/pipeline.config.yaml');
      try {
        const { source, warnings } = await loadConfigText(yaml, folder, { isAlone: true, shownFile: 'yaml' });
        const resources = source.resources.map(({ name, table_name: table, selected }) => ({ name, table, selected }));
        return { isValid: true, problems: [], warnings, resources };
      } catch (thrown) {
        const { code, message, hint, facts } = asPipelineError(thrown);
        if (code !== 'ConfigInvalid') throw thrown;
        return { isValid: false, problems: facts.problems ?? [message], hint };
      }
    },
  }),
];
