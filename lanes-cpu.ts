import { appendFileSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect } from 'vitest';
const now = () => { const text = readFileSync('/proc/self/stat', 'utf8'); const f = text.slice(text.lastIndexOf(')') + 2).split(' ').map(Number); return [(f[11]! + f[12]!) / 100, (f[13]! + f[14]!) / 100, performance.now() / 1000] as const; };
const g = globalThis as unknown as { lanesLast?: readonly [number, number, number] };
const before = g.lanesLast ?? [0, 0, 0] as const;
afterAll(() => {
  const after = now();
  appendFileSync(process.env.LANES_LOG ?? '/tmp/lanes/cpu.log', `${(after[0] - before[0]).toFixed(2)}\t${(after[1] - before[1]).toFixed(2)}\t${(after[2] - before[2]).toFixed(1)}\t${process.pid}\t${(expect.getState().testPath ?? '').replace(/.*\/test\//, 'test/')}\n`);
  g.lanesLast = after;
});
