// Makes the pages of nested records that the bulk benchmark loads: 200 pages × 1,000 models, about 82 MB of JSON,
// 1.2 million rows in 4 tables. The same bytes every time.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const families = ['sd1', 'sdxl', 'flux_schnell'];
const functions = ['text2image', 'image2image', 'inpainting'];

/** Numbers in [0, 1) that look random and are the same in every run (a linear congruential generator). */
function randomNumbers(seed) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

function model(number, random) {
  return {
    id: `model_${number}`,
    name: `Model number ${number}`,
    family: families[number % families.length],
    nativeResolution: { width: 512 + 64 * (number % 9), height: 512 },
    functions: functions.slice(0, 1 + (number % 3)),
    createdAt: new Date(1_600_000_000_000 + number * 1000).toISOString(),
    pricePerStep: number % 7 === 0 ? 1 : Number((0.1 + random()).toFixed(6)),
    nsfw: number % 5 === 0,
    runs: Math.floor(random() * 1e9),
    description: number % 4 === 0 ? null : `Tuned on set ${number} – with "quotes" and é`,
    samples: Array.from({ length: number % 3 }, (_, index) => ({
      url: `https://images.example/${number}/${index}.png`,
      score: random(),
      tags: ['portrait', 'detail'],
    })),
  };
}

/** Writes `pages` files `00000.json` … into `folder`; answers the bytes written. */
export function writePages(folder, pages, recordsPerPage) {
  mkdirSync(folder, { recursive: true });
  const random = randomNumbers(42);
  let number = 0;
  let bytes = 0;
  for (let page = 0; page < pages; page++) {
    const data = Array.from({ length: recordsPerPage }, () => model(++number, random));
    const text = JSON.stringify({ data, total: pages });
    bytes += Buffer.byteLength(text);
    writeFileSync(join(folder, `${String(page).padStart(5, '0')}.json`), text);
  }
  return bytes;
}
