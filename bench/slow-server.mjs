// Answers after 50 ms on loopback: `/jobs/<id>` with one object, `/models?page=N` with a page of a list whose length it tells.
// Started as a process of its own, prints its address.
import { createServer } from 'node:http';

const [milliseconds, pages] = process.argv.slice(2).map(Number);

function answer(url) {
  const { pathname, searchParams } = new URL(url, 'http://loopback');
  const page = Number(searchParams.get('page') ?? 0);
  if (pathname.startsWith('/jobs/')) return { id: pathname.slice('/jobs/'.length), state: 'done' };
  return { total: pages, data: Array.from({ length: 20 }, (_, index) => ({ id: page * 20 + index, name: 'model' })) };
}

const server = createServer((request, response) => {
  const body = JSON.stringify(answer(request.url));
  setTimeout(() => response.writeHead(200, { 'content-type': 'application/json' }).end(body), milliseconds);
});
server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}/`));
