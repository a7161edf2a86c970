import { bigqueryIdentifier } from './bigquery-names.ts';

/** What a dataset knows of itself: https://cloud.google.com/bigquery/docs/information-schema-intro */
export function informationSchema(dataset: string, view: string): string {
  return `${bigqueryIdentifier(dataset)}.INFORMATION_SCHEMA.${view}`;
}

/** The text of a description: an option is kept as the literal that it was, which reads like JSON. */
export const DESCRIPTION = 'coalesce(json_value(safe.parse_json(o.option_value)), o.option_value)';

/** @param which SQL of which tables and views `t`; all of them unless given */
export function columnsOfDataset(dataset: string, which = 'true'): string {
  const from = (view: string) => informationSchema(dataset, view);
  return `select c.table_name as table_name, ${DESCRIPTION} as table_comment, c.column_name as column_name,
                 c.data_type as data_type, c.is_nullable = 'YES' as is_nullable,
                 cast(null as string) as column_default, c.is_generated = 'ALWAYS' as is_generated,
                 f.description as column_comment
          from ${from('COLUMNS')} as c
          join ${from('TABLES')} as t on t.table_name = c.table_name
          left join ${from('TABLE_OPTIONS')} as o on o.table_name = c.table_name and o.option_name = 'description'
          left join ${from('COLUMN_FIELD_PATHS')} as f
            on f.table_name = c.table_name and f.field_path = c.column_name
          where ${which}
          order by c.table_name, c.ordinal_position`;
}
