import type { YAMLMap } from 'yaml';
import { type DraftedResource, isOpenEnded, type ParamDraft } from '../openapi/drafted-source.ts';
import { authYaml, secretHeaders } from './auth-yaml.ts';
import { CommentedMap, listOf, type YamlValue } from './commented-map.ts';

/** A resource with the reasons of its guesses, and with candidates where nothing was guessed. */
export function resourceYaml(resource: DraftedResource): YAMLMap {
  const { name, description, whyNot, key, keyCandidates, isList, included } = resource;
  const map = new CommentedMap().set('name', name);
  if (description !== '') map.set('description', description);
  if (whyNot !== undefined) map.set('selected', false, whyNot);
  if (key !== undefined) {
    const [only] = key.value;
    map.set('primary_key', key.value.length === 1 ? only : listOf(key.value), guessed(key.why));
    map.set('write_disposition', 'merge');
  } else if (isList) {
    map.say(`primary_key: nothing in the document tells one record from another${candidates(keyCandidates)}`);
    map.set('write_disposition', 'replace', 'without a key, each run replaces all');
  }
  if (included.length > 0) map.set('include_from_parent', listOf(included.map(includedYaml)));
  for (const note of resource.notes) map.say(note);
  return map.set('endpoint', endpointYaml(resource)).end();
}

// --- internal ---

function endpointYaml(resource: DraftedResource): YAMLMap {
  const { path, params, auth, selector, otherLists, paginator, pagingSigns, format, isList, isUnknown } = resource;
  const map = new CommentedMap().set('path', path.value, guessed(path.why));
  setParams(map, 'params', params);
  setHeaders(map, resource);
  if (auth === 'none') map.set('auth', 'none');
  else if (auth?.keys !== undefined) map.set('auth', authYaml(auth), auth.why);
  if (format !== undefined) map.set('format', format);
  else if (isUnknown) map.say('data_selector: the document does not say what the reply holds; a run looks');
  else {
    if (otherLists.length > 0)
      map.say(
        `${isList ? 'other lists of the reply' : 'data_selector: the whole reply is one record; if a list in it holds the records, name that'}: ${otherLists.slice(0, 10).join(', ')}`,
      );
    map.set('data_selector', selector.value, guessed(selector.why));
  }
  if (paginator !== undefined) {
    const keys = new CommentedMap();
    for (const [name, value] of Object.entries(paginator.value)) keys.set(name, value);
    map.set('paginator', keys.end(), guessed(paginator.why));
  } else if (isOpenEnded(resource))
    map.say(`paginator: not clear, so only the first page is read. Signs of more pages: ${pagingSigns.join('; ')}`);
  return map.end();
}

function setParams(map: CommentedMap, key: string, drafts: readonly ParamDraft[]): void {
  const params = new CommentedMap();
  for (const { name, value, isOfPath, candidates: known, why } of drafts) {
    if (value !== undefined) params.set(name, value, why);
    else if (isOfPath) params.say(known.length > 0 ? `such as ${known.join(', ')}` : undefined).set(name, noValues());
    else params.say(`${name}: needed${candidates(known)}`);
  }
  if (!params.isEmpty) map.set(key, params.end());
  else
    for (const { name, candidates: known } of drafts) map.say(`${key}: { ${name}: … } is needed${candidates(known)}`);
}

function setHeaders(map: CommentedMap, { headers: drafts, auth }: DraftedResource): void {
  const ofAuth = auth === undefined || auth === 'none' || auth.headers.size === 0 ? undefined : secretHeaders(auth);
  if (ofAuth !== undefined) map.set('headers', ofAuth);
  else
    setParams(
      map,
      'headers',
      drafts.map((draft) => ({
        ...draft,
        isOfPath: false,
        value: draft.value === undefined ? undefined : String(draft.value),
      })),
    );
}

function noValues(): YamlValue {
  const nothing = new CommentedMap().set('list', listOf([])).flow();
  return new CommentedMap()
    .set('type', 'values')
    .set('from', listOf([nothing]))
    .flow();
}

function includedYaml({ from, as, isUsual }: DraftedResource['included'][number]): YamlValue {
  return isUsual ? from : new CommentedMap().set('from', from).set('as', as).flow();
}

function candidates(names: readonly string[]): string {
  return names.length === 0 ? '' : `; candidates: ${names.join(', ')}`;
}

function guessed(why: string | undefined): string | undefined {
  return why === undefined ? undefined : `a guess: ${why}`;
}
