import type { DrawnSchema, DrawnTable } from '../../schema-view.ts';

/** Where a table lies in the drawing. */
interface Placed {
  readonly table: DrawnTable;
  readonly x: number;
  readonly y: number;
  readonly height: number;
}

const WIDTH = 250;
const GAP = 70;
const LINE = 20;
const HEAD = 30;
const SPACE = 22;
/** Columns of a table that are drawn. */
const MOST = 10;
/** As many characters as fit. */
const NAME = 22;

/** Tables as boxes, each left of those that hold its lists. */
export function Diagram({ schema }: { readonly schema: DrawnSchema }) {
  const placed = placedTables(schema);
  const width = Math.max(...placed.map(({ x }) => x + WIDTH), 0) + 2;
  const height = Math.max(...placed.map((one) => one.y + one.height), 0) + 2;
  const placeOf = (name: string) => placed.find(({ table }) => table.name === name);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by the keyboard
    <section class="scrolls drawing" aria-label="Diagram of the tables" tabIndex={0}>
      <svg width={width} height={height} role="img" aria-label={describe(schema)}>
        {schema.links.map(({ parent, child }) => {
          const [from, to] = [placeOf(parent), placeOf(child)];
          return from && to ? <path key={child} class="link" d={linkPath(from, to)} /> : null;
        })}
        {placed.map(({ table, x, y, height }) => (
          <g key={table.name} transform={`translate(${x + 1} ${y + 1})`}>
            <title>{table.name}</title>
            <rect class="box" width={WIDTH} height={height} rx={7} />
            <text class="name" x={12} y={20}>
              {cut(table.name, NAME + 8)}
            </text>
            <line class="rule" x1={0} x2={WIDTH} y1={HEAD} y2={HEAD} />
            {table.columns.slice(0, MOST).map(({ name, type, key }, index) => (
              <g key={name} transform={`translate(0 ${HEAD + index * LINE + 16})`}>
                <text x={12} class={key === null ? undefined : 'key'}>
                  {cut(name, NAME)}
                </text>
                <text x={WIDTH - 12} class="type">
                  {key === null ? type : `${type} ${key}`}
                </text>
              </g>
            ))}
            {table.columns.length > MOST && (
              <text x={12} y={HEAD + MOST * LINE + 16} class="type more">
                {table.columns.length - MOST} more
              </text>
            )}
          </g>
        ))}
      </svg>
    </section>
  );
}

// --- internal ---

/** From the roots on, each with all that hangs on it below one another. */
function placedTables({ tables, links }: DrawnSchema): Placed[] {
  const placed: Placed[] = [];
  const childrenOf = (name: string) => links.filter(({ parent }) => parent === name).map(({ child }) => child);
  const place = (name: string, depth: number, top: number): number => {
    const table = tables.find((one) => one.name === name);
    if (table === undefined || placed.some((one) => one.table === table)) return top;
    const height = HEAD + (Math.min(table.columns.length, MOST) + (table.columns.length > MOST ? 1 : 0)) * LINE + 8;
    placed.push({ table, x: depth * (WIDTH + GAP), y: top, height });
    const below = childrenOf(name).reduce((next, child) => place(child, depth + 1, next), top);
    return Math.max(top + height + SPACE, below);
  };
  const roots = tables.filter(({ name }) => !links.some(({ child }) => child === name));
  [...roots, ...tables].reduce((top, { name }) => place(name, 0, top), 0);
  return placed;
}

function linkPath(from: Placed, to: Placed): string {
  const [x1, y1, x2, y2] = [from.x + WIDTH + 1, from.y + HEAD / 2 + 1, to.x + 1, to.y + HEAD / 2 + 1];
  const middle = x2 - GAP / 2;
  return `M${x1} ${y1} C${middle} ${y1} ${middle} ${y2} ${x2} ${y2}`;
}

function cut(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}

function describe({ tables, links }: DrawnSchema): string {
  return `${tables.length} tables. ${links.map(({ parent, child }) => `${child} belongs to ${parent}`).join(', ')}`;
}
