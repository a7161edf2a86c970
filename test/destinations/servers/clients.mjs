import { npmPackages } from './installed.mjs';

/**
 * Client libraries that are no dependencies of the tests: `import` finds them in a folder of their own.
 *
 * @param {string} name of the folder
 * @param {string[]} packages with their versions
 */
export function clients(name, ...packages) {
  return async () => {
    const folder = await npmPackages(name, ...packages);
    const hook = new URL('find-clients.mjs', import.meta.url).href;
    return {
      env: { NODE_OPTIONS: `--import=${hook}`, [`TEST_CLIENTS_${name.replaceAll('-', '_')}`]: folder },
      stop: async () => {},
    };
  };
}
