import { DEFAULT_SCALE, MOST_DIGITS } from '../../schema/duckdb-type.ts';
import type { ColumnHint } from '../../schema/resource-hints.ts';

/** Something wrong with one hint of a column. */
interface HintFinding {
  readonly key: 'precision' | 'scale';
  readonly message: string;
}

type TypeHints = Pick<ColumnHint, 'data_type' | 'precision' | 'scale'>;

const INTEGER_BITS = [8, 16, 32, 64, 128];
/** Nanoseconds. */
const FINEST_TIMESTAMP = 9;

/** Sizes that DuckDB has no type for: told now instead of by the first load that makes the column. */
export function checkTypeHints(hint: TypeHints): HintFinding[] {
  return [...checkPrecision(hint), ...checkScale(hint)];
}

function checkPrecision({ data_type, precision, scale }: TypeHints): HintFinding[] {
  const wrong = (message: string): HintFinding[] => [{ key: 'precision', message }];
  if (precision === undefined) return [];
  switch (data_type) {
    case 'decimal':
    case 'wei':
      if (precision > MOST_DIGITS || precision < 1)
        return wrong(`expected 1 to ${MOST_DIGITS} digits, the most that DuckDB's DECIMAL has, got ${precision}`);
      if (data_type === 'wei' || scale !== undefined || precision >= DEFAULT_SCALE) return [];
      return wrong(`needs a \`scale\` of at most ${precision} beside it: without one it is ${DEFAULT_SCALE}`);
    case 'bigint':
      if (INTEGER_BITS.includes(precision)) return [];
      return wrong(`expected one of ${INTEGER_BITS.join(', ')}, the bits of DuckDB's integers, got ${precision}`);
    case 'timestamp':
      if (precision <= FINEST_TIMESTAMP) return [];
      return wrong(
        `expected at most ${FINEST_TIMESTAMP}, the digits of a second in DuckDB's timestamps, got ${precision}`,
      );
    default:
      return [];
  }
}

function checkScale({ data_type, precision = MOST_DIGITS, scale }: TypeHints): HintFinding[] {
  if (scale === undefined) return [];
  if (data_type !== 'decimal' && data_type !== 'wei')
    return [{ key: 'scale', message: 'is only for `data_type: decimal` and `wei`' }];
  if (scale <= precision) return [];
  return [{ key: 'scale', message: `expected at most the precision, ${precision}, got ${scale}` }];
}
