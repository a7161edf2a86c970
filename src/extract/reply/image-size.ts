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
    const { width, height } = sizeOf(bytes.subarray(0, HEAD_BYTES));
    // Of a header that is broken they may be anything.
    return Number.isSafeInteger(width) && Number.isSafeInteger(height) ? { width, height } : UNKNOWN;
  } catch {
    return UNKNOWN; // whether it can be painted is for its readers to say
  }
}

// --- internal ---

/** As much as is looked at: the size of a JPEG stands behind what its camera, or a colour profile, put before it. */
const HEAD_BYTES = 512 * 1024;
