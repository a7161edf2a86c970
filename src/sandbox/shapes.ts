// What the stand-in answers with, as schemas of its OpenAPI document.

const text = { type: 'string' };
const texts = { type: 'array', items: text };
const size = { type: 'object', properties: { width: { type: 'integer' }, height: { type: 'integer' } } };

const model = {
  type: 'object',
  required: ['id', 'name'],
  properties: {
    id: text,
    name: text,
    nativeResolution: size,
    triggers: { ...texts, nullable: true },
    functions: texts,
    categories: texts,
    license: text,
    description: text,
    family: text,
  },
};

const method = {
  type: 'object',
  properties: { id: text, name: text, min: { type: 'number' }, max: { type: 'number' } },
};

const models = { type: 'array', items: model };

const object = (properties: object) => ({ type: 'object', properties });

export const infoShape = object({
  name: text,
  version: text,
  models,
  paymentMethods: { type: 'array', items: method },
});
export const modelsShape = object({ data: models });
export const pageShape = object({ data: models, next: { ...text, nullable: true } });
export const jobShape = object({ id: text, status: text, function: text, model: text, prompt: text });
export const transactionShape = object({
  _id: text,
  user_id: text,
  time: text,
  type: text,
  amount: { type: 'number' },
});
export const creditsShape = object({ credits: { type: 'number' }, 'free-credits': { type: 'number' } });
