import path from 'node:path';
import { z } from 'zod';
import { checkTypeHints } from '../config/checks/type-hints.ts';
import { type Located, nodeAt, originAt, type Path, plain, scalarAt } from '../config/file/located-tree.ts';
import { readYaml } from '../config/file/yaml-file.ts';
import { schemaContract, storedColumn, withXKeys } from '../config/grammar/hints-schema.ts';
import { problemsOf } from '../config/problems/issues.ts';
import { invalidConfig, type Problem } from '../config/problems/problem.ts';
import { wording } from '../config/problems/zod-messages.ts';
import type { PipelineError } from '../errors.ts';
import { mergeStrategies, writeDispositions } from '../schema/strategies.ts';
import type { StoredSchema } from '../schema/table-schema.ts';
import { schemaOfFile } from './schema-file.ts';

/** A schema document that somebody wrote into a file, with the places of its parts. */
export interface SchemaFile {
  readonly schema: StoredSchema;
  /** An error about the parts that these paths lead to. */
  refuse(findings: readonly SchemaFinding[]): PipelineError;
}

export interface SchemaFinding {
  readonly path: Path;
  readonly message: string;
}

const table = withXKeys(
  z.object({
    name: z.string().optional(),
    description: z.string().optional(),
    columns: z.record(z.string(), storedColumn),
    resource: z.string().optional(),
    parent: z.string().optional(),
    write_disposition: z.enum(writeDispositions).optional(),
    'x-merge-strategy': z.enum(mergeStrategies).optional(),
    schema_contract: schemaContract.optional(),
    table_sealed: z.boolean().optional(),
    table_format: z.string().optional(),
    file_format: z.string().optional(),
    references: z.unknown().optional(),
  }),
);

const ownColumn = z
  .string()
  .regex(/^_dlt_/, "expected one of dlt's own columns: hints of other columns belong to the tables");

/** dlt's schema document, `TStoredSchema`. What we cannot follow is refused, so that nothing of a file is silently left out. */
const schemaFile = z.strictObject({
  version: z.number().int().optional(),
  version_hash: z.string().optional(),
  engine_version: z.literal(11).optional(),
  name: z.string(),
  description: z.string().optional(),
  tables: z.record(z.string(), table),
  settings: z
    .strictObject({
      detections: z.array(z.literal('iso_timestamp')).optional(),
      default_hints: z.record(z.string(), z.array(ownColumn)).optional(),
      schema_contract: schemaContract.optional(),
    })
    .optional(),
  normalizers: z
    .looseObject({
      names: z.enum(['snake_case', 'dlt.common.normalizers.naming.snake_case']).optional(),
      json: z
        .looseObject({
          module: z.literal('dlt.common.normalizers.json.relational').optional(),
          config: z
            .looseObject({
              max_nesting: z.number().int().nonnegative().optional(),
              root_key_propagation: z.boolean().optional(),
            })
            .optional(),
        })
        .optional(),
    })
    .optional(),
  previous_hashes: z.array(z.string()).optional(),
  imported_version_hash: z.string().optional(),
});

/**
 * Reads a schema file in dlt's YAML.
 *
 * @param file as messages show it
 * @param sourceName what the schema has to be called
 * @throws PipelineError `ConfigInvalid` with every problem at once, each with `file:line:column`
 */
export function parseSchemaFile(text: string, file: string, sourceName: string): SchemaFile {
  const { root, problems, broken } = readYaml(text);
  const refused = (found: readonly Problem[]) => invalidConfig(found, root, file, 'schema file');
  if (broken) throw refused(problems);
  const refuse = (findings: readonly SchemaFinding[]) => refused(findings.map((finding) => located(root, finding)));

  const checked = schemaFile.safeParse(plain(root), { error: wording, jitless: true });
  const found = [
    ...problems,
    ...(checked.success ? [] : problemsOf(checked.error.issues, schemaFile, root)),
    ...checkTogether(root, sourceName).map((finding) => located(root, finding)),
  ];
  if (!checked.success || found.length > 0) throw refused(found);
  return { schema: schemaOfFile(checked.data), refuse };
}

/** Where the schema of a source stands in a folder, as dlt names it. */
export function schemaFilePath(folder: string, sourceName: string): string {
  return path.join(folder, `${sourceName}.schema.yaml`);
}

function located(root: Located, { path: keys, message }: SchemaFinding): Problem {
  return { origin: originAt(root, keys), message };
}

/** What is wrong between values that are each right by themselves; looks past those that are wrong. */
function checkTogether(root: Located, sourceName: string): SchemaFinding[] {
  const name = scalarAt(root, 'name');
  const message = `expected \`${sourceName}\`, the name of the source, got \`${name}\``;
  return [
    ...(typeof name !== 'string' || name === sourceName ? [] : [{ path: ['name'], message }]),
    ...keysBelow(root, ['tables']).flatMap((table) => [
      ...checkParent(root, table),
      ...keysBelow(root, ['tables', table, 'columns']).flatMap((column) =>
        checkColumn(root, ['tables', table, 'columns', column]),
      ),
    ]),
  ];
}

function checkColumn(root: Located, path: Path): SchemaFinding[] {
  const node = nodeAt(root, path);
  const hint = node === undefined ? undefined : storedColumn.safeParse(plain(node)).data;
  return hint === undefined ? [] : checkTypeHints(hint).map(({ key, message }) => ({ path: [...path, key], message }));
}

/** Parents lead to a root table. */
function checkParent(root: Located, table: string): SchemaFinding[] {
  const path = ['tables', table, 'parent'];
  const seen = new Set([table]);
  const parentOf = (name: string) => scalarAt(root, 'tables', name, 'parent');
  for (let above = parentOf(table); typeof above === 'string'; above = parentOf(above)) {
    if (nodeAt(root, ['tables', above]) === undefined) return [{ path, message: `there is no table \`${above}\`` }];
    if (seen.has(above)) return [{ path, message: `\`${above}\` would be nested in itself` }];
    seen.add(above);
  }
  return [];
}

function keysBelow(root: Located, path: Path): string[] {
  const node = nodeAt(root, path);
  return node?.kind === 'map' ? [...node.entries.keys()] : [];
}
