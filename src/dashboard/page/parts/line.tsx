import type { ComponentChildren } from 'preact';

interface LineProps {
  readonly title: string;
  readonly points: readonly { readonly at: number; readonly value: number }[];
  readonly most: string;
  readonly from: ComponentChildren;
  readonly to: ComponentChildren;
}

/** How a value went, from zero up. */
export function Line({ title, points, most, from, to }: LineProps) {
  const highest = Math.max(...points.map(({ value }) => value), Number.MIN_VALUE);
  const [first = 0, last = 1] = [points[0]?.at, points.at(-1)?.at];
  const place = ({ at, value }: LineProps['points'][number]) =>
    `${((at - first) / Math.max(1, last - first)) * 1000},${100 - (Math.max(0, value) / highest) * 98}`;
  const path = points.map(place).join(' ');
  return (
    <figure class="chart">
      <p class="scale">{most}</p>
      <svg viewBox="0 0 1000 100" preserveAspectRatio="none" role="img" aria-label={title}>
        <polygon class="under" points={`0,100 ${path} 1000,100`} />
        <polyline class="line" points={path} />
      </svg>
      <figcaption>
        <span>{from}</span>
        <span>{to}</span>
      </figcaption>
    </figure>
  );
}
