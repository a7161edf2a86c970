// What is imported when it is needed lies in a few chunks, and each module of that kind gets a file that only says which names of a
// chunk are its: a hundred doors. Here they become a function at the end of every chunk that goes through some.

const door = /^export\s*\{([^}]*)\}\s*from\s*"(\.\/[\w-]+\.js)";/;
const asking = /import\([`"](\.\/[\w-]+\.js)[`"]\)/g;

/** A plugin for `rolldown`. A call is as long as the import that it replaces, so that source maps stay true. */
export function foldDoors() {
  return {
    name: 'fold-doors',
    generateBundle(_options, bundle) {
      const chunks = Object.values(bundle).filter(({ type }) => type === 'chunk');
      const doors = new Map();
      for (const { fileName, code, isDynamicEntry, isEntry } of chunks) {
        const [, names, chunk] = (isDynamicEntry && !isEntry && door.exec(code)) || [];
        if (chunk !== undefined) doors.set(`./${fileName}`, { names: namesIn(names), chunk });
      }
      for (const chunk of chunks) chunk.code = withoutDoors(chunk.code, doors);
      for (const path of doors.keys()) delete bundle[path.slice(2)];
    },
  };
}

function withoutDoors(code, doors) {
  const cases = [];
  const folded = code.replace(asking, (asked, path) => {
    const found = doors.get(path);
    if (found === undefined) return asked;
    const module = found.names.map(([inside, name]) => `${name}:e.${inside}`).join();
    cases.push(`case ${cases.length}:return import("${found.chunk}").then(e=>({${module}}));`);
    return `__door(${cases.length - 1})`.padEnd(asked.length);
  });
  if (cases.length === 0) return code;
  const [body, map = ''] = folded.split(/(?=^\/\/# sourceMappingURL)/m);
  return `${body.trimEnd()}\nfunction __door(n){switch(n){${cases.join('')}}}\n${map}`;
}

/** `a as runCommand,b` */
function namesIn(list) {
  return list.split(',').map((each) => {
    const [inside, name = inside] = each.trim().split(' as ');
    return [inside, name];
  });
}
