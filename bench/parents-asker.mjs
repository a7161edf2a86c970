// Asks for the parents, then for each of them, five at once, and reads the JSON: what nobody can do without.
import { Agent, get } from 'node:http';

const [url] = process.argv.slice(2);
const agent = new Agent({ keepAlive: true });

function json(path) {
  return new Promise((resolve, reject) => {
    get(url + path, { agent }, (reply) => {
      const pieces = [];
      reply.on('data', (piece) => pieces.push(piece));
      reply.on('end', () => resolve(JSON.parse(Buffer.concat(pieces).toString())));
    }).on('error', reject);
  });
}

const ids = await json('parents');
let next = 0;
async function ask() {
  while (next < ids.length) await json(`parents/${ids[next++].id}`);
}
await Promise.all(Array.from({ length: 5 }, ask));
agent.destroy();
