import { plainText } from '../text/plain-text.ts';
import type { Diagram, DiagramColumn, DiagramTable } from './schema-diagram.ts';

/**
 * An `erDiagram` of Mermaid, types in dlt's words. The grammar is that of Mermaid's `erDiagram.jison`: names of tables stand in
 * quotes; those of columns cannot, so that one with other characters than it takes is changed, and said in its comment.
 */
export function mermaidDiagram({ tables, links }: Diagram): string {
  return [
    'erDiagram',
    ...tables.flatMap(entity),
    ...links.map(
      ({ parent, child }) => `  ${entityName(parent)} ||--o{ ${entityName(child)} : "${label(parent, child)}"`,
    ),
  ].join('\n');
}

// --- internal ---

function entity({ name, columns }: DiagramTable): string[] {
  if (columns.length === 0) return [`  ${entityName(name)}`];
  return [`  ${entityName(name)} {`, ...columns.map((column) => `    ${attribute(column)}`), '  }'];
}

function attribute({ schema, isPrimaryKey, isForeignKey, isUnique }: DiagramColumn): string {
  const name = attributeName(schema.name);
  const keys = [...(isPrimaryKey ? ['PK'] : []), ...(isForeignKey ? ['FK'] : []), ...(isUnique ? ['UK'] : [])];
  const said = [
    ...(name === schema.name ? [] : [schema.name]),
    ...(schema.description === undefined ? [] : [schema.description]),
  ];
  const comment = said.length === 0 ? '' : ` "${withoutQuotes(said.join(': '))}"`;
  return `${schema.data_type ?? 'text'} ${name}${keys.length === 0 ? '' : ` ${keys.join(', ')}`}${comment}`;
}

function attributeName(name: string): string {
  const word = name.replace(/[^A-Za-z0-9_\u00c0-\ud7ff]/g, '_');
  const begun = /^[A-Za-z_\u00c0-\ud7ff]/.test(word) ? word : `_${word}`;
  return /^[pfu]k$/i.test(begun) ? `${begun}_` : begun; // these mark keys
}

/** In quotes neither of these can stand. */
function entityName(name: string): string {
  return `"${plainText(name).replace(/["%\\]/g, '_') || '_'}"`;
}

function label(parent: string, child: string): string {
  const field = child.startsWith(`${parent}__`) ? child.slice(parent.length + 2) : child;
  return withoutQuotes(field) || '_';
}

function withoutQuotes(text: string): string {
  return plainText(text).replaceAll('"', "'");
}
