/** One row of `GET /info`: exactly the nine keys of the live service. */
export interface SandboxModel {
  readonly id: string;
  readonly name: string;
  readonly nativeResolution: { readonly width: number; readonly height: number };
  readonly triggers: readonly string[] | null;
  readonly functions: readonly string[];
  readonly categories: readonly string[];
  readonly license: string;
  readonly description: string;
  readonly family: string;
}

const square = (side: number) => ({ width: side, height: side });

/** The one id of the live list: the shipped configuration orders images of it. */
const orderedModel = 'flux_1_schnell';

/**
 * Invented models, in the shape of the live list and with its oddities: an id that starts with a digit, a name outside
 * ASCII, a name with a trailing blank, an empty description, triggers that are mostly null.
 */
export const sandboxModels: readonly SandboxModel[] = [
  {
    id: 'plainpaper_1_0',
    name: 'Plain Paper 1.0',
    nativeResolution: square(512),
    triggers: null,
    functions: ['text2image', 'image2image', 'controlnet'],
    categories: ['general'],
    license: 'CreativeML OpenRAIL-M',
    description: 'An invented generalist model',
    family: 'sd1',
  },
  {
    id: 'inkwell',
    name: 'Inkwell',
    nativeResolution: square(512),
    triggers: ['inkwell style'],
    functions: ['text2image', 'image2image', 'controlnet'],
    categories: ['drawing', 'artistic'],
    license: 'CreativeML OpenRAIL-M',
    description: 'Invented: pen and ink',
    family: 'sd1',
  },
  {
    id: '9lives_cats',
    name: '9 Lives',
    nativeResolution: square(512),
    triggers: ['ninth life', 'whiskers'],
    functions: ['text2image', 'image2image'],
    categories: ['other', 'simple'],
    license: 'CreativeML OpenRAIL-M',
    description: 'Invented: its id starts with a digit',
    family: 'sd1',
  },
  {
    id: 'sakura_brush',
    name: 'Sakura Brush 桜の筆',
    nativeResolution: { width: 512, height: 768 },
    triggers: null,
    functions: ['text2image', 'image2image', 'controlnet'],
    categories: ['anime', 'painting'],
    license: 'CreativeML OpenRAIL-M',
    description: 'Invented: its name is not ASCII',
    family: 'sd1',
  },
  {
    id: 'trailing_blank',
    name: 'Trailing Blank ',
    nativeResolution: square(512),
    triggers: null,
    functions: ['text2image'],
    categories: ['general'],
    license: 'CreativeML OpenRAIL-M',
    description: 'Invented: its name ends with a blank',
    family: 'sd1',
  },
  {
    id: 'silent_type',
    name: 'Silent Type',
    nativeResolution: square(512),
    triggers: null,
    functions: ['text2image', 'image2image'],
    categories: ['portrait', 'realistic'],
    license: 'MIT',
    description: '',
    family: 'sd1',
  },
  {
    id: 'patchwork_inpaint',
    name: 'Patchwork Inpaint',
    nativeResolution: square(512),
    triggers: null,
    functions: ['inpainting', 'text-inpainting'],
    categories: ['inpaint'],
    license: 'CreativeML OpenRAIL-M',
    description: "Invented: repairs what's missing",
    family: 'sd1',
  },
  {
    id: 'foghorn_768',
    name: 'Foghorn 768',
    nativeResolution: square(768),
    triggers: null,
    functions: ['text2image', 'image2image', 'edit-image'],
    categories: ['general', '3d_render'],
    license: 'openrail++',
    description: 'Invented: a model of the second family',
    family: 'sd2',
  },
  {
    id: 'wideangle_1024px',
    name: 'Wide Angle',
    nativeResolution: square(1024),
    triggers: null,
    functions: ['text2image_sdxl'],
    categories: ['realistic', 'general'],
    license: 'openrail++',
    description: 'Invented: "large" pictures, said in quotes',
    family: 'sdxl',
  },
  {
    id: 'quickstorm_lightning_1024px',
    name: 'Quickstorm Lightning ⚡',
    nativeResolution: square(1024),
    triggers: null,
    functions: ['text2image_sdxl_lightning'],
    categories: ['realistic'],
    license: 'openrail++',
    description: 'Invented: few steps',
    family: 'sdxl_lightning',
  },
  {
    id: 'mosaic_inpaint_1024px',
    name: 'Mosaïc Inpaint',
    nativeResolution: square(1024),
    triggers: null,
    functions: ['inpainting_sdxl_lightning'],
    categories: ['inpaint'],
    license: 'openrail++',
    description: 'Invented: repairs large pictures',
    family: 'sdxl_inpaint',
  },
  {
    id: orderedModel,
    name: 'Flow Quick',
    nativeResolution: square(1024),
    triggers: null,
    functions: ['text2image_flux'],
    categories: ['general'],
    license: 'Apache 2',
    description: 'Invented, but for its id: the youngest family',
    family: 'flux_schnell',
  },
];

export const sandboxPaymentMethods = [
  { id: 'stripe', name: 'Stripe', min: 10, max: 999999 },
  { id: 'barter', name: 'Barter (invented)', min: 1, max: 2.5 },
] as const;
