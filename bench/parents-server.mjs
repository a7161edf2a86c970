// Answers at once on loopback: `/parents` with so many records as it is told, `/parents/<id>` with a list of one.
// Started as a process of its own, prints its address.
import { createServer } from 'node:http';

const parents = JSON.stringify(Array.from({ length: Number(process.argv[2]) }, (_, id) => ({ id })));

const server = createServer((request, response) => {
  const body = request.url === '/parents' ? parents : `[{"a":${request.url.split('/')[2]},"b":"x"}]`;
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }).end(body);
});
server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}/`));
