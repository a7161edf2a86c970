// Runs whole processes in turn, A B A B …, and compares their wall time and peak memory.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const preload = fileURLToPath(new URL('peak.mjs', import.meta.url));

/** One run of `node ...args`: wall seconds and peak bytes. Throws what the process said when it fails. */
async function measure({ args, env = {}, cwd }) {
  const started = performance.now();
  const child = spawn(process.execPath, ['--import', preload, ...args], {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  });
  let output = '';
  let peak = '';
  child.stdout.on('data', (chunk) => (output += chunk));
  child.stderr.on('data', (chunk) => (output += chunk));
  child.stdio[3].on('data', (chunk) => (peak += chunk));
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`node ${args.join(' ')} ended with ${code}:\n${output}`);
  return { seconds: (performance.now() - started) / 1000, bytes: Number(peak) };
}

/** `runs` counted runs of each contender in turn, after one that does not count. */
export async function interleave(contenders, runs) {
  const results = contenders.map(() => []);
  for (let run = -1; run < runs; run++) {
    for (const [index, contender] of contenders.entries()) {
      await contender.before?.();
      const result = await measure(contender);
      if (run >= 0) results[index].push(result);
    }
  }
  return results;
}

export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

export function report(title, contenders, results) {
  console.log(`\n${title}`);
  const base = median(results[0].map(({ seconds }) => seconds));
  for (const [index, { name }] of contenders.entries()) {
    const seconds = results[index].map((result) => result.seconds);
    const spread = `${Math.min(...seconds).toFixed(3)} – ${Math.max(...seconds).toFixed(3)} s`;
    const peak = Math.max(...results[index].map(({ bytes }) => bytes)) / 1e6;
    const ratio = results[index].map((result, run) => result.seconds / results[0][run].seconds);
    console.log(
      `  ${name.padEnd(44)} median ${median(seconds).toFixed(3)} s (${spread})  peak ${peak.toFixed(0)} MB` +
        (index === 0
          ? ''
          : `  × ${median(ratio).toFixed(2)} of the first (pairs)  × ${(median(seconds) / base).toFixed(2)} (medians)`),
    );
  }
}
