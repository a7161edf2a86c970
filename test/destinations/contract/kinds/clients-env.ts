/** With which a program of its own finds the client libraries of a lane. */
export const clientsEnv: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(process.env).flatMap(([name, value]) =>
    value !== undefined && (name === 'NODE_OPTIONS' || name.startsWith('TEST_CLIENTS_')) ? [[name, value]] : [],
  ),
);
