import { type Fields, fieldsOf, isWhole, present, wholeNumber } from '../fields.ts';
import { sandboxPaymentMethods } from '../models.ts';
import { defaultSteps, generationPrice, upscalingPrice } from '../prices.ts';
import { type Call, json, png, type Reply, type World } from '../reply.ts';
import type { Route } from '../route.ts';
import { infoShape } from '../shapes.ts';
import type { Profile } from './profile.ts';

const host = 'dezgo.p.rapidapi.com';

/** The gateway's form of an error [seen]. */
const failure: Profile['failure'] = (status, message, headers) => json({ message }, headers, status);

/** What a call costs, by what it asks for; the formulas are published, the paths are frozen. */
const painting = (fields: Fields) => {
  const size = { width: wholeNumber(fields.width, 512), height: wholeNumber(fields.height, 512) };
  const larger = wholeNumber(fields.upscale, 1) > 1 ? upscalingPrice(size) : 0;
  return generationPrice({ ...size, steps: wholeNumber(fields.steps, defaultSteps) }) + larger;
};

const upscaling = (fields: Fields) =>
  upscalingPrice({ width: wholeNumber(fields.width, 512), height: wholeNumber(fields.height, 512) });

const functions = {
  text2image: { needs: ['prompt'], price: painting },
  image2image: { needs: ['prompt', 'init_image'], price: painting },
  inpainting: { needs: ['prompt', 'init_image', 'mask_image'], price: painting },
  // The stand-in reads no image: the size that decides is that of the fields `width` and `height`. Invented.
  upscale: { needs: ['image'], price: upscaling },
} as const satisfies Record<string, { needs: readonly string[]; price: (fields: Fields) => number }>;

/**
 * Dezgo on RapidAPI. Both headers, the credits and their names are documented by the gateway and by Dezgo; that `info` is
 * there, and the words of the refusals, are not.
 */
export const rapidapi: Profile = {
  title: 'Dezgo API on RapidAPI',
  // The form of a key: 50 characters with `msh`, `p1` and `jsn` in their places.
  key: '5a4db0c5a4msh5a4db0c5a4db0c5p15a4dbjsn5a4db0c5a4db',
  base: '',
  headers: ['X-RapidAPI-Key', 'X-RapidAPI-Host'],
  routes: [
    {
      method: 'GET',
      path: '/info',
      shape: infoShape,
      answer: (_, { models }) => json({ name: 'Dezgo API (stand-in)', models, paymentMethods: sandboxPaymentMethods }),
    },
    ...Object.entries(functions).map(
      ([name, { needs, price }]): Route => ({
        method: 'POST',
        path: `/${name}`,
        needs,
        answer: (call, world) => paint(call, world, { needs, price }),
      }),
    ),
  ],
  refusal({ headers }, { key }) {
    const given = headers['x-rapidapi-key'];
    if (given === undefined)
      return failure(401, 'Invalid API key. Go to https://docs.rapidapi.com/docs/keys for more info.');
    if (given !== key) return failure(403, 'You are not subscribed to this API.');
    return headers['x-rapidapi-host'] === host
      ? undefined
      : failure(404, `API doesn't exists: X-RapidAPI-Host is not ${host}.`);
  },
  replyHeaders: ({ credits }) => ({
    'x-ratelimit-credits-limit': String(credits.limit),
    'x-ratelimit-credits-remaining': String(credits.remaining),
    'x-ratelimit-credits-reset': String(credits.secondsLeft),
  }),
  failure,
};

// --- internal ---

interface Priced {
  readonly needs: readonly string[];
  readonly price: (fields: Fields) => number;
}

async function paint(call: Call, { credits }: World, { needs, price }: Priced): Promise<Reply> {
  const fields = await fieldsOf(call);
  const missing = needs.filter((name) => !present(fields?.[name]));
  if (fields === undefined || missing.length > 0) return failure(400, `Missing: ${missing.join(', ')}.`);
  const cost = price(fields);
  if (!isWhole(cost)) return failure(400, 'width, height, steps and upscale are whole numbers.');
  if (!credits.spend(cost)) {
    return failure(429, 'You have exceeded the MONTHLY quota for Credits on your current plan, BASIC.');
  }
  return png({ 'x-credits-cost': String(cost) });
}
