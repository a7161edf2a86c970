/** What bytes are that are neither text nor JSON. */
export interface BinaryKind {
  /** `image/png`. */
  readonly contentType: string;
  readonly extension: string;
}

/** The image that bytes are by their beginning, whatever is said of them. */
export function imageKind(bytes: Uint8Array): BinaryKind | undefined {
  const start = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, LONGEST)).toString('latin1');
  const found = images.find(({ signature }) => signature.test(start));
  return found && kindOf(found.contentType);
}

/** By the name of a type alone: `image/svg+xml; charset=utf-8`. Empty: `application/octet-stream`. */
export function kindOfType(contentType: string): BinaryKind {
  const [name = ''] = contentType.split(';', 1);
  return kindOf(name.trim().toLowerCase() || UNKNOWN);
}

/** Of a type that says: these bytes are one of the images that are known by their beginning. */
export function isKnownImageType(contentType: string): boolean {
  const { contentType: type } = kindOfType(contentType);
  return images.some((image) => image.contentType === (type === 'image/jpg' ? 'image/jpeg' : type));
}

// --- internal ---

const UNKNOWN = 'application/octet-stream';
const LONGEST = 64;

const images: readonly { readonly contentType: string; readonly signature: RegExp }[] = [
  { contentType: 'image/png', signature: /^\x89PNG\r\n.\n/s },
  { contentType: 'image/jpeg', signature: /^\xff\xd8\xff/ },
  { contentType: 'image/webp', signature: /^RIFF.{4}WEBP/s },
  { contentType: 'image/gif', signature: /^GIF8[79]a/ },
  // The brand that matters is the first, or one of those that follow its version.
  { contentType: 'image/avif', signature: /^.{4}ftyp(?:.{4}){0,8}?avi[fs]/s },
];

/** Names that are not the second half of their type. */
const extensions: Readonly<Record<string, string>> = {
  'image/jpeg': 'jpg',
  'image/svg+xml': 'svg',
  'image/x-icon': 'ico',
  'image/vnd.microsoft.icon': 'ico',
  'audio/mpeg': 'mp3',
  'audio/x-wav': 'wav',
  'video/quicktime': 'mov',
  'text/plain': 'txt',
  'model/gltf-binary': 'glb',
  'application/x-tar': 'tar',
  'application/gzip': 'gz',
  'application/x-gzip': 'gz',
};

/** Those whose second half is what everybody calls such a file; of others nobody knows it. */
const byName = /^(?:image|audio|video|font)\/(?:x-)?([a-z0-9]{2,5})$|^application\/(pdf|zip|wasm|epub)$/;

function kindOf(contentType: string): BinaryKind {
  const [, media, application] = byName.exec(contentType) ?? [];
  const named = Object.hasOwn(extensions, contentType) ? extensions[contentType] : undefined;
  return { contentType, extension: named ?? media ?? application ?? 'bin' };
}
