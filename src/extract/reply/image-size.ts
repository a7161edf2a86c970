interface ImageSize {
  /** Pixels; null where the bytes do not tell. */
  readonly width: number | null;
  readonly height: number | null;
}

const UNKNOWN: ImageSize = { width: null, height: null };

/** Of an image by its first bytes, and its type. */
export async function imageSize(bytes: Buffer, contentType: string): Promise<ImageSize> {
  if (!contentType.startsWith('image/')) return UNKNOWN;
  const { imageSize: sizeOf } = await import('image-size');
  try {
    const { width, height } = sizeOf(bytes);
    return { width, height };
  } catch {
    return UNKNOWN; // whether it can be painted is for its readers to say
  }
}
