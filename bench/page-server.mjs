// Serves the pages of a folder on loopback as `/models?page=N`. Started as a process of its own, prints its address.
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';

const folder = process.argv[2];
const files = readdirSync(folder).sort();

const server = createServer((request, response) => {
  const page = Number(new URL(request.url, 'http://loopback').searchParams.get('page') ?? 0);
  const file = files[page];
  if (file === undefined) {
    response.writeHead(404).end();
    return;
  }
  const body = readFileSync(join(folder, file));
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length }).end(body);
});
server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}/`));
