import { count } from './count.ts';

/** As dlt words it: seconds with two decimals, whole minutes and hours before them. */
export function elapsed(milliseconds: number): string {
  const seconds = Math.max(0, milliseconds) / 1000;
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  const parts = [
    hours > 0 ? count(hours, 'hour') : '',
    minutes > 0 ? count(minutes, 'minute') : '',
    `${(seconds % 60).toFixed(2)} seconds`,
  ].filter((part) => part !== '');
  return parts.length === 1 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
}

/** Within a sentence: `0.75 s`, `4.5 s`, `90 s`. */
export function seconds(milliseconds: number): string {
  const digits = milliseconds < 1000 ? 2 : milliseconds < 10_000 ? 1 : 0;
  return `${Number((milliseconds / 1000).toFixed(digits))} s`;
}

/** As a configuration has it: `2h`, `90m`, `45s`, `1.5s`. */
export function configured(milliseconds: number): string {
  const [unit, size] = [['h', 3_600_000] as const, ['m', 60_000] as const].find(
    ([, length]) => milliseconds % length === 0,
  ) ?? ['s', 1000];
  return `${milliseconds / size}${unit}`;
}

const units = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const;

/** How long ago, in the largest unit that fits: `3 days ago`; `just now` below a minute. */
export function ago(milliseconds: number): string {
  const [unit, size] = units.find(([, length]) => milliseconds >= length) ?? [];
  return unit === undefined ? 'just now' : `${count(Math.floor(milliseconds / size), unit)} ago`;
}
