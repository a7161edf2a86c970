/** A name or an index on the way to one value: `.a`, `[0]`, `['x y']`. */
const step = /\.?([^.[\]'"*?$@]+)|\.?\[(?:(-?\d+)|'([^']*)'|"([^"]*)")\]/y;

/** The names and indexes of a path that leads to one value, `items[0].id` → `['items', '0', 'id']`; undefined for any other. */
export function pathSteps(expression: string): readonly string[] | undefined {
  const text = expression.trim().replace(/^\$\.?/, '');
  const steps: string[] = [];
  for (step.lastIndex = 0; step.lastIndex < text.length; ) {
    const [, ...found] = step.exec(text) ?? [];
    const name = found.find((part) => part !== undefined);
    if (name === undefined) return undefined;
    steps.push(name);
  }
  return steps.length === 0 ? undefined : steps;
}
