import type { ComponentChildren } from 'preact';

/** What one bar stands for; its parts lie on one another, the first at the bottom. */
export interface Bar {
  readonly key: string;
  readonly label: string;
  readonly parts: readonly { readonly value: number; readonly tone: string }[];
}

interface BarsProps {
  /** What is to be seen, for those who cannot. */
  readonly title: string;
  readonly bars: readonly Bar[];
  /** Of the largest value, beside the chart. */
  readonly most: string;
  readonly from: ComponentChildren;
  readonly to: ComponentChildren;
}

const HEIGHT = 100;

/** One bar beside the other, the oldest first. Text stands around the drawing, so that it is as large as all other text. */
export function Bars({ title, bars, most, from, to }: BarsProps) {
  const highest = Math.max(...bars.map(({ parts }) => sumOf(parts)), Number.MIN_VALUE);
  return (
    <figure class="chart">
      <p class="scale">{most}</p>
      <svg
        viewBox={`0 0 ${Math.max(bars.length, FEWEST)} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={title}
      >
        {bars.map(({ key, label, parts }, index) => (
          <g key={key}>
            <title>{label}</title>
            <rect class={parts.length === 0 ? 'gap' : 'hit'} x={index} y={0} width={1} height={HEIGHT} />
            {parts.map(({ value, tone }, place) => (
              <rect
                key={tone}
                class={tone}
                x={index + 0.12}
                width={0.76}
                y={HEIGHT - (sumOf(parts.slice(0, place + 1)) / highest) * HEIGHT}
                height={(value / highest) * HEIGHT}
              />
            ))}
          </g>
        ))}
      </svg>
      {bars.length < FEWEST ? (
        <figcaption>
          <span>
            {from} to {to}
          </span>
        </figcaption>
      ) : (
        <figcaption>
          <span>{from}</span>
          <span>{to}</span>
        </figcaption>
      )}
    </figure>
  );
}

// --- internal ---

/** Fewer bars would be as wide as doors. */
const FEWEST = 24;

function sumOf(parts: Bar['parts']): number {
  return parts.reduce((sum, { value }) => sum + value, 0);
}
