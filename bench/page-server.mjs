// Serves the pages of a folder on loopback as `/models?page=N`. Started as a process of its own, prints its address.
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';

const folder = process.argv[2];
// In memory, so that serving takes as little of the machine as it can from whoever is measured.
const pages = readdirSync(folder)
  .sort()
  .map((name) => readFileSync(join(folder, name)));

const server = createServer((request, response) => {
  const page = Number(new URL(request.url, 'http://loopback').searchParams.get('page') ?? 0);
  const body = pages[page];
  if (body === undefined) {
    response.writeHead(404).end();
    return;
  }
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length }).end(body);
});
server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}/`));
