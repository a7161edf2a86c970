import { type ErrorFacts, PipelineError } from '../../errors.ts';
import type { Json } from '../../json/json-value.ts';
import type { JsonPath } from '../../json-path/json-path.ts';
import type { SecretMask } from '../http/secret-mask.ts';
import { declaredError } from './error-text.ts';

/** The reply lacks what the selector names, or it holds nothing: says what is there instead. */
export function selectorFoundNothing(selector: JsonPath, body: Json, request: string, mask: SecretMask): PipelineError {
  const keys = keysOf(body);
  const error = mask.quote(declaredError(body));
  const what = `${describe(body, keys, mask)}${error === '' ? '' : `; it says: ${error}`}`;
  const [hollow] = selector.matches(body);
  const absence = selector.absence(body);
  if (hollow !== undefined || absence.kind === 'null') {
    const found = hollow === undefined || hollow === null ? 'null' : 'an empty object';
    return foundNothing(
      `The data selector \`${selector.expression}\` found only ${found} in the reply to ${request}, which is ${what}`,
      'If that means “nothing there”, set `allow_empty: true` for the endpoint; if not, correct `data_selector`.',
      { selector: selector.expression, request, keys: shownKeys(keys, mask) },
    );
  }
  if (absence.kind === 'unnamed') {
    const inner = keysOf(absence.reached);
    return foundNothing(
      `The data selector \`${selector.expression}\` matched nothing in the reply to ${request}: what it leads to first is ${describe(absence.reached, inner, mask)}`,
      'Correct `data_selector`, or set `allow_empty: true` if a page may lack it.',
      { selector: selector.expression, request, keys: shownKeys(inner, mask) },
    );
  }
  const lists = keys.filter((key) => Array.isArray(memberOf(body, key)));
  const perhaps =
    lists.length === 0 ? '`$` for the whole reply' : lists.map((key) => `\`${mask.quote(key, 60)}\``).join(' or ');
  return foundNothing(
    `The data selector \`${selector.expression}\` matched nothing in the reply to ${request}, which is ${what}`,
    error === ''
      ? `Correct \`data_selector\` (perhaps ${perhaps}), or set \`allow_empty: true\` if the reply may lack it.`
      : 'The source itself calls that reply an error: correct the request.',
    { selector: selector.expression, request, keys: shownKeys(keys, mask) },
  );
}

// --- internal ---

const MOST_KEYS = 20;

function foundNothing(message: string, hint: string, facts: ErrorFacts): PipelineError {
  return new PipelineError({ code: 'SelectorFoundNothing', message, hint, facts });
}

function shownKeys(keys: readonly string[], mask: SecretMask): string[] {
  return keys.slice(0, MOST_KEYS).map((key) => mask.quote(key, 60));
}

function keysOf(body: Json): readonly string[] {
  return typeof body === 'object' && body !== null && !Array.isArray(body) ? Object.keys(body) : [];
}

function memberOf(body: Json, key: string): unknown {
  return typeof body === 'object' && body !== null ? Reflect.get(body, key) : undefined;
}

function describe(body: Json, keys: readonly string[], mask: SecretMask): string {
  if (Array.isArray(body)) return `a list of ${body.length}`;
  if (typeof body !== 'object' || body === null) return mask.quote(`the value ${String(body)}`, 60);
  if (keys.length === 0) return 'an object without keys';
  const shown = keys.slice(0, MOST_KEYS).map((key) => {
    const inner = keysOf(memberOf(body, key)).slice(0, MOST_KEYS);
    const name = mask.quote(key, 60);
    return inner.length === 0 ? name : `${name} {${inner.map((innerKey) => mask.quote(innerKey, 60)).join(', ')}}`;
  });
  return `an object with the keys ${shown.join(', ')}${keys.length > MOST_KEYS ? ', …' : ''}`;
}
