import type { ActualColumn } from '../../load/catalogue.ts';
import type { ColumnLimits } from '../../load/staging/exact-cast.ts';
import type { ColumnSchema } from '../../schema/table-schema.ts';
import type { Dialect } from './dialect.ts';

/** What a column of an engine can hold, by what its catalogue prints; undefined of one that is as a load makes it. */
export function limitsOf(
  { typeOf, duckdbTypeOf }: Pick<Dialect, 'typeOf' | 'duckdbTypeOf'>,
  { native = '' }: Pick<ActualColumn, 'native'>,
  column: ColumnSchema,
): ColumnLimits | undefined {
  if (native === typeOf(column)) return undefined;
  const type = duckdbTypeOf(native);
  return {
    type,
    length: size(TEXT, native),
    fraction: size(INSTANT, native),
    scale: type === undefined ? scaleOf(native) : undefined,
  };
}

// --- internal ---

const TEXT = /^(?:character|character varying|string)\((\d+)\)$/i;
const INSTANT = /^(?:timestamp|time)\((\d)\)/i;
/** Of numbers with more digits than DuckDB has. */
const SCALE = /^(?:big)?numeric\(\d+, ?(\d+)\)$/i;

function size(form: RegExp, native: string): number | undefined {
  const digits = form.exec(native)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

function scaleOf(native: string): number | undefined {
  const scale = native === 'money' ? 2 : size(SCALE, native);
  return scale !== undefined && scale < 38 ? scale : undefined;
}
