import { type Call, json, type Reply, type World } from './reply.ts';

const pageSize = 5;

/**
 * `GET /paged?cursor=`: the models, five a page, for trying out a cursor paginator. The live service pages nothing.
 * A page is `{"data": [...], "next": "5"}`; `next` of the last page is null.
 */
export function page(call: Call, world: World): Reply {
  const start = startOf(call);
  const next = start + pageSize;
  return json({
    data: world.models.slice(start, next),
    next: next < world.models.length ? String(next) : null,
  });
}

/** Every page is full and names a next one that was never named before. */
export function endlessPage(call: Call, world: World): Reply {
  const start = startOf(call);
  const data = Array.from({ length: pageSize }, (_, index) => ({
    ...world.models[(start + index) % Math.max(world.models.length, 1)],
    id: `endless_${start + index}`,
  }));
  return json({ data, next: String(start + pageSize) });
}

/** The same page again and again, under cursors that differ: only the content gives it away. */
export function repeatedPage(call: Call, world: World): Reply {
  return json({ data: world.models.slice(0, pageSize), next: String(startOf(call) + pageSize) });
}

/** The page names itself as its next one. */
export function stuckPage(_call: Call, world: World): Reply {
  return json({ data: world.models.slice(0, pageSize), next: 'stuck' });
}

function startOf({ search }: Call): number {
  const start = Number(new URLSearchParams(search).get('cursor') ?? 0);
  return Number.isSafeInteger(start) && start >= 0 ? start : 0;
}
