interface Painting {
  readonly width: number;
  readonly height: number;
  readonly steps: number;
}

/** The default of the service: its table of prices is that of the formula with 30 steps. */
export const defaultSteps = 30;

/**
 * Ten-thousandths of a USD for one image of `text2image`, `image2image`, `inpainting` and `edit-image`; a credit of RapidAPI.
 * Published at https://dev.dezgo.com/pricing/. That it is rounded down is seen in the table there: 19, 87, 181.
 */
export function generationPrice({ width, height, steps }: Painting): number {
  return Math.floor((Math.max(width * height, 512 * 512) * 6.849e-6 - 1.133) * Math.max(steps, 10));
}

/** The same for `upscale`, from the size of the image that comes in: 5, 12, 29, 51. */
export function upscalingPrice({ width, height }: Pick<Painting, 'width' | 'height'>): number {
  return Math.floor(Math.max(width * height, 320 * 320) * 4.9278e-5);
}
