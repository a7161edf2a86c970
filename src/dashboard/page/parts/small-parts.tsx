import type { ComponentChildren } from 'preact';
import type { Told } from '../told.ts';
import { timeText } from '../words.ts';

export type Tone = 'good' | 'warn' | 'bad' | 'calm';

/** A word with a colour and a shape: neither has to be seen to understand the other. */
export function Badge({ tone, children }: { readonly tone: Tone; readonly children: ComponentChildren }) {
  return <span class={`badge ${tone}`}>{children}</span>;
}

export function Time({ at }: { readonly at: string }) {
  return (
    <time dateTime={at} title={`${at.replace('T', ' ').replace('Z', '')} UTC`}>
      {timeText(at)}
    </time>
  );
}

/** What to do where there is nothing to see. */
export function Empty({ title, children }: { readonly title: string; readonly children?: ComponentChildren }) {
  return (
    <div class="empty">
      <p class="empty-title">{title}</p>
      {children}
    </div>
  );
}

export function Failure({ told, tone = 'bad' }: { readonly told: Told; readonly tone?: Tone }) {
  return (
    <div class={`notice ${tone}`} role="status">
      <p>
        <strong>{told.message}</strong>
      </p>
      <p>
        {told.hint} <code class="muted">{told.code}</code>
      </p>
    </div>
  );
}

/** A line for a shell. */
export function Command({ children }: { readonly children: string }) {
  return (
    <pre class="command">
      <code>{children}</code>
    </pre>
  );
}

/** Numbers that matter, large. */
export function Figures({ of }: { readonly of: readonly (readonly [label: string, value: ComponentChildren])[] }) {
  return (
    <dl class="figures">
      {of.map(([label, value]) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
