let places = [];

export function initialize(data) {
  places = data;
}

/** A package that is not installed beside who imports it. */
export async function resolve(specifier, context, next) {
  try {
    return await next(specifier, context);
  } catch (error) {
    if (error.code !== 'ERR_MODULE_NOT_FOUND' || !/^(@[\w.-]+\/)?[\w.-]+(\/|$)/.test(specifier)) throw error;
    for (const parentURL of places) {
      const found = await next(specifier, { ...context, parentURL }).catch(() => undefined);
      if (found !== undefined) return found;
    }
    throw error;
  }
}
