import { generations, isReply, jobHeaders, startJob } from './generation.ts';
import type { Job } from './job-book.ts';
import { sandboxPaymentMethods } from './models.ts';
import { page } from './paged.ts';
import { painted } from './png.ts';
import { bare, type Call, json, png, problem, type Reply, type World } from './reply.ts';
import type { Route } from './route.ts';
import { infoShape, jobShape, modelsShape, pageShape, transactionShape } from './shapes.ts';

/** Every route of the Dezgo API. */
export const dezgoRoutes: readonly Route[] = [
  { method: 'GET', path: '/info', open: true, shape: infoShape, answer: (_, world) => json(info(world)) },
  {
    method: 'GET',
    path: '/models',
    plan: true,
    shape: modelsShape,
    answer: (_, world) => json({ data: world.models }),
  },
  {
    method: 'GET',
    path: '/account/tx/last',
    shape: transactionShape,
    answer: (_, { account }) => (account.last ? json(account.last) : bare(204)),
  },
  { method: 'POST', path: '/images/generate', plan: true, needs: ['prompt'], answer: generateLater },
  { method: 'GET', path: '/jobs/{id}', plan: true, shape: jobShape, answer: job },
  { method: 'GET', path: '/images/{id}', plan: true, shape: 'image', answer: image },
  { method: 'GET', path: '/paged', query: ['cursor'], shape: pageShape, answer: page },
  ...Object.entries(generations).map(
    ([name, { needs }]): Route => ({
      method: 'POST',
      path: `/${name}`,
      needs: [needs],
      answer: (call, world) => generateNow(call, world, name),
    }),
  ),
];

const idOf = ({ path }: Call) => path.slice(path.lastIndexOf('/') + 1);

function info({ models }: World): object {
  return { name: 'Dezgo API (stand-in)', version: 'v0.0', models, paymentMethods: sandboxPaymentMethods };
}

function job(call: Call, { jobs, now, origin }: World): Reply {
  const found = jobs.find(idOf(call), now());
  return found === undefined
    ? problem(404, 'Not Found', 'There is no such job, or its data is older than 30 days.')
    : json(jobs.poll(found, origin));
}

function image(call: Call, { jobs, now }: World): Reply {
  const maker = jobs.makerOf(idOf(call), now());
  return maker !== undefined
    ? png({}, pictureOf(maker, maker.imageIds.indexOf(idOf(call))))
    : problem(404, 'Not Found', 'There is no such image, its job is not finished, or it is older than 30 days.');
}

/** The images of one job have seeds that follow each other. */
function pictureOf({ width, height, seed }: Job, index = 0): Buffer {
  return painted(width, height, seed + index);
}

/** JSON with the queued job; the image itself, at once, for a caller that accepts images only. */
async function generateLater(call: Call, world: World): Promise<Reply> {
  if (call.headers.accept?.startsWith('image/')) return generateNow(call, world, 'text2image');
  const started = await startJob(call, world, 'text2image', 0);
  return isReply(started) ? started : json(world.jobs.show(started, world.origin), jobHeaders(started), 202);
}

async function generateNow(call: Call, world: World, name: string): Promise<Reply> {
  const started = await startJob(call, world, name, 2);
  if (isReply(started)) return started;
  return started.fate === 'completed'
    ? png(jobHeaders(started), pictureOf(started))
    : problem(500, 'Generation failed', 'The stand-in was asked to fail.', jobHeaders(started));
}
