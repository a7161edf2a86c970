import type { Units } from './account.ts';
import { costHeaders } from './account.ts';
import { type Fields, fieldsOf, isWhole, present, wholeNumber } from './fields.ts';
import type { Job, JobOrder } from './job-book.ts';
import { defaultSteps, generationPrice } from './prices.ts';
import { type Call, problem, type Reply, type World } from './reply.ts';

interface Generation {
  /** Of one image, in ten-thousandths of a USD; absent where the service publishes a formula. Invented. */
  readonly price?: Units;
  /** The field without which the call is a 400. */
  readonly needs: 'prompt' | 'image';
}

/** The generation paths that clients of the live service use. */
export const generations: Readonly<Record<string, Generation>> = {
  text2image: { needs: 'prompt' },
  text2image_sdxl: { price: 150, needs: 'prompt' },
  text2image_sdxl_lightning: { price: 75, needs: 'prompt' },
  text2image_flux: { price: 181, needs: 'prompt' },
  image2image: { needs: 'prompt' },
  inpainting: { needs: 'prompt' },
  inpainting_sdxl: { price: 150, needs: 'prompt' },
  'text-inpainting': { price: 53, needs: 'prompt' },
  'edit-image': { needs: 'prompt' },
  controlnet: { price: 53, needs: 'prompt' },
  upscale: { price: 36, needs: 'image' },
  'remove-background': { price: 36, needs: 'image' },
};

/** A prompt with this text in it makes a job that fails. */
const failingPrompt = 'sandbox:fail';

/**
 * Checks the order, charges it and enters the job. A refused order is a reply and costs nothing.
 * `polls` 0 leaves the job queued, 2 finishes it at once.
 */
export async function startJob(call: Call, world: World, name: string, polls: number): Promise<Job | Reply> {
  const fields = await fieldsOf(call);
  if (fields === undefined) return invalid('The body is not JSON, a form or multipart.');
  const order = orderOf(fields, name, world);
  if ('status' in order) return order;
  if (!world.account.covers(order.cost))
    return problem(402, 'Payment Required', 'The balance is too low for this job.');
  return world.jobs.start(order, polls);
}

export const isReply = (value: Job | Reply): value is Reply => 'status' in value;

/** The headers of a reply that started a job. */
export function jobHeaders(job: Job): Record<string, string> {
  return { ...costHeaders(job.transaction), 'x-dezgo-job-id': job.id, 'x-input-seed': String(job.seed) };
}

function orderOf(fields: Fields, name: string, world: World): JobOrder | Reply {
  const generation = generations[name];
  if (generation === undefined) return problem(404, 'Not Found', `There is no function ${name}.`);
  if (!present(fields[generation.needs])) return invalid(`The field ${generation.needs} is required.`);
  if (fields.format !== undefined && fields.format !== 'png') return invalid('The stand-in paints format png only.');
  const count = wholeNumber(fields.n, 1);
  if (count < 1 || count > 4) return invalid('The field n must be from 1 to 4.');
  const seed = wholeNumber(fields.seed, 1000 + (world.account.last?.index ?? 0));
  const width = wholeNumber(fields.width, 512);
  const height = wholeNumber(fields.height, 512);
  const steps = wholeNumber(fields.steps, defaultSteps);
  if (![count, seed, width, height, steps].every(isWhole)) {
    return invalid('n, seed, width, height and steps are whole numbers.');
  }
  const model = fields.model ?? idOf(world.models[0]) ?? 'default';
  if (typeof model !== 'string' || !knows(world.models, model)) {
    return problem(404, 'Not Found', `There is no model ${String(model)}.`);
  }
  const prompt = typeof fields.prompt === 'string' ? fields.prompt : null;
  return {
    function: name,
    model,
    prompt,
    seed,
    width,
    height,
    count,
    cost: (generation.price ?? generationPrice({ width, height, steps })) * count,
    fate: prompt?.includes(failingPrompt) ? 'failed' : 'completed',
    createdAt: world.now(),
  };
}

const invalid = (detail: string) => problem(400, 'Validation failed', detail);

const idOf = (model: object | undefined) => (model !== undefined && 'id' in model ? model.id : undefined);

const knows = (models: readonly object[], id: string) => models.length === 0 || models.some((row) => idOf(row) === id);
