import { type Fields, fieldsOf, isWhole, present, wholeNumber } from '../fields.ts';
import { type Call, html, json, png, type Reply, type World } from '../reply.ts';
import type { Route } from '../route.ts';
import { creditsShape } from '../shapes.ts';
import type { Profile } from './profile.ts';

interface Model {
  /** In USD an image. */
  readonly price: number;
  readonly needs: readonly string[];
}

/** The five of the order. Fields and prices are those of their pages, where there is one; the others are invented. */
const models: Readonly<Record<string, Model>> = {
  'fast-flux-schnell': { price: 0.0035, needs: ['prompt'] }, // fields: their page; price: invented
  'face-to-sticker': { price: 0.087, needs: ['image'] }, // both: their page, which has a default for the image
  instantid: { price: 0.025, needs: ['prompt', 'face_image'] }, // both: their page
  'sdxl1.0-newreality-lightning': { price: 0.0032, needs: ['prompt'] }, // invented
  'consistent-character-AI-neolemon-v2': { price: 0.129, needs: ['prompt', 'ip_image'] }, // fields: page of v3; price: of v1
};

/** An error as the gateway writes it [doc]; a wrong method is answered with a page [doc]. */
const failure: Profile['failure'] = (status, error, headers) =>
  status === 405 ? html(405, 'Method Not Allowed', headers) : json({ error }, headers, status);

/** https://api.segmind.com/v1. Headers, errors and the credits are documented or seen; the pages are invented. */
export const segmind: Profile = {
  title: 'Segmind API',
  key: 'SG_5a4db0c55a4db0c5',
  base: '/v1',
  headers: ['x-api-key'],
  routes: [
    {
      method: 'GET',
      path: '/v1/get-user-credits',
      shape: creditsShape,
      answer: (_, { credits }) => json({ credits: credits.remaining, 'free-credits': 0 }),
    },
    { method: 'GET', path: '/v1/models/', open: true, answer: () => html(200, 'Segmind models (stand-in)') },
    ...Object.entries(models).map(
      ([name, model]): Route => ({
        method: 'POST',
        path: `/v1/${name}`,
        needs: model.needs,
        answer: (call, world) => paint(call, world, model),
      }),
    ),
  ],
  refusal({ headers }, { key }) {
    const given = headers['x-api-key'];
    if (given === key) return undefined;
    return failure(
      401,
      given === undefined
        ? 'Missing Authorization or x-api-key in header'
        : 'Unauthorized. API key is invalid or may have expired',
    );
  },
  replyHeaders: () => ({}),
  failure,
};

// --- internal ---

async function paint(call: Call, { credits, now }: World, { price, needs }: Model): Promise<Reply> {
  if (!/^(application\/json|multipart\/form-data)/.test(call.headers['content-type'] ?? '')) {
    return failure(406, 'Invalid content type');
  }
  const fields = await fieldsOf(call);
  const missing = needs.filter((name) => !present(fields?.[name]));
  if (fields === undefined || missing.length > 0) return failure(400, `Missing: ${missing.join(', ')}`);
  const seed = wholeNumber(fields.seed, 1);
  if (!isWhole(seed)) return failure(400, 'seed is a whole number');
  if (!credits.spend(price)) {
    return failure(406, `Insufficient credits: ${credits.remaining} left, ${price} needed`);
  }
  const headers = {
    'x-cost': String(price),
    'x-remaining-credits': String(credits.remaining),
    'x-generation-time': '0.25',
    'x-seed-value': String(seed),
    'x-request-id': `5a4db0c5-${now()}`,
  };
  return wantsText(fields) ? json({ image: png().body.toString('base64') }, headers) : png(headers);
}

/** `base64: true` gives the image as a text in JSON. */
function wantsText({ base64 }: Fields): boolean {
  return base64 === true || base64 === 'true';
}
