import { expect, test } from 'vitest';
import { dbml } from '../../src/report/dbml.ts';
import { mermaidDiagram } from '../../src/report/mermaid.ts';
import { diagramOf } from '../../src/report/schema-diagram.ts';
import { emptySchema } from '../../src/schema/stored-schema.ts';
import type { StoredSchema } from '../../src/schema/table-schema.ts';

const schema: StoredSchema = {
  ...emptySchema('shop'),
  tables: {
    ...emptySchema('shop').tables,
    models: {
      name: 'models',
      resource: 'models',
      description: 'What\'s there: "all"\nof it \\',
      columns: {
        id: { name: 'id', data_type: 'text', nullable: false, primary_key: true, description: 'The "id"\n} }' },
        uk: { name: 'uk', data_type: 'decimal', precision: 18, scale: 4, nullable: true },
        '1 größe': { name: '1 größe', data_type: 'timestamp', nullable: true },
        hinted: { name: 'hinted' },
        _dlt_id: { name: '_dlt_id', data_type: 'text', nullable: false, unique: true, row_key: true },
      },
    },
    models__functions: {
      name: 'models__functions',
      parent: 'models',
      columns: {
        a: { name: 'a', data_type: 'bigint', primary_key: true, nullable: false },
        b: { name: 'b', data_type: 'json', primary_key: true, nullable: false },
        _dlt_parent_id: { name: '_dlt_parent_id', data_type: 'text', nullable: false, parent_key: true },
      },
    },
    'odd "table%': { name: 'odd "table%', resource: 'odd', columns: {} },
  },
};

test('a diagram of Mermaid has tables, keys, descriptions and parents, in names that its grammar takes', () => {
  expect(mermaidDiagram(diagramOf(schema))).toBe(`erDiagram
  "models" {
    text id PK "The 'id' } }"
    decimal uk_ "uk"
    timestamp _1_größe "1 größe"
    text _dlt_id UK
  }
  "models__functions" {
    bigint a PK
    json b PK
    text _dlt_parent_id FK
  }
  "odd _table_"
  "models" ||--o{ "models__functions" : "functions"`);
});

test('DBML has them with the types of DuckDB, a key of several columns as an index', () => {
  expect(dbml('data', diagramOf(schema))).toBe(`Table "data"."models" {
  "id" VARCHAR [pk, not null, note: 'The "id" } }']
  "uk" DECIMAL(18,4)
  "1 größe" "TIMESTAMP WITH TIME ZONE"
  "_dlt_id" VARCHAR [unique, not null]

  Note: 'What\\'s there: "all" of it \\\\'
}

Table "data"."models__functions" {
  "a" BIGINT [not null]
  "b" JSON [not null]
  "_dlt_parent_id" VARCHAR [not null]

  indexes {
    ("a", "b") [pk]
  }
}

Table "data"."odd 'table%" {
}

Ref: "data"."models__functions"."_dlt_parent_id" > "data"."models"."_dlt_id"`);
});

/** The tokens of Mermaid's `erDiagram.jison`, as far as a diagram of ours has them. */
const name = String.raw`"[^"%\r\n\v\b\\]+"`;
const attribute = String.raw` {4}[a-z]+ (?![pfuPFU][kK]\b)[A-Za-z_\u00C0-\uFFFF][A-Za-z0-9_\u00C0-\uFFFF]*(?: [PFU]K(?:, [PFU]K)*)?(?: "[^"]*")?`;
const lines = [
  'erDiagram',
  String.raw`  ${name}(?: \{)?`,
  attribute,
  String.raw`  \}`,
  String.raw`  ${name} \|\|--o\{ ${name} : ${name}`,
];

test('no line of it is one that the grammar of Mermaid does not know', () => {
  const known = new RegExp(`^(?:${lines.join('|')})$`);
  const shown = mermaidDiagram(diagramOf(schema)).split('\n');
  expect(shown.filter((line) => !known.test(line))).toEqual([]);
});
