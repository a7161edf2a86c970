import type { ResponseAction } from '../../config/grammar/response-action-schema.ts';
import type { Json } from '../../json/json-value.ts';
import { type JsonPath, jsonPath } from '../../json-path/json-path.ts';
import type { Reply } from '../http/transport.ts';
import { decodeUtf8 } from './json-body.ts';

interface Rule {
  readonly action: ResponseAction;
  readonly path: JsonPath | undefined;
}

interface Decision {
  /** A program's own transport may give the same bytes with another one. */
  readonly status: number;
  readonly action: ResponseAction | undefined;
}

/** What the configuration says of certain replies; the first rule of which every condition holds decides. */
export class ResponseRules {
  readonly #rules: readonly Rule[];
  /** A reply is asked about more than once. */
  readonly #decided = new WeakMap<Buffer, Decision>();

  private constructor(rules: readonly Rule[]) {
    this.#rules = rules;
  }

  /** Throws ConfigInvalid for a wrong JSONPath. */
  static async open(actions: readonly ResponseAction[] = []): Promise<ResponseRules> {
    const rules = actions.map(async (action) => {
      const { json_path } = action;
      return { action, path: json_path === undefined ? undefined : await jsonPath(json_path, 'json_path') };
    });
    return new ResponseRules(await Promise.all(rules));
  }

  for(reply: Reply): ResponseAction | undefined {
    if (this.#rules.length === 0) return undefined;
    const { status, body } = reply;
    const before = this.#decided.get(body);
    if (before?.status === status) return before.action;
    const action = this.#decide(reply);
    this.#decided.set(body, { status, action });
    return action;
  }

  #decide(reply: Reply): ResponseAction | undefined {
    let parsed: { readonly json: Json } | undefined;
    const json = () => {
      parsed ??= { json: jsonOf(reply.body) };
      return parsed.json;
    };
    return this.#rules.find((rule) => holds(rule, reply, json))?.action;
  }
}

// --- internal ---

function holds({ action, path }: Rule, { status, body }: Reply, json: () => Json): boolean {
  const { status_code, content, equals } = action;
  if (status_code !== undefined && ![status_code].flat().some((wanted) => isStatus(wanted, status))) return false;
  if (content !== undefined && !body.includes(content)) return false;
  if (path === undefined) return true;
  const values = path.matches(json());
  if (equals === undefined) return values.some((value) => value != null);
  const wanted = [equals].flat();
  return values.some((value) => wanted.some((one) => isAlike(value, one)));
}

/** `4xx` is every status from 400 to 499. */
function isStatus(wanted: number | string, status: number): boolean {
  return typeof wanted === 'number' ? wanted === status : wanted.charAt(0) === String(status).charAt(0);
}

/** 404 and `404` are the same: what a configuration has as a number, an API may have as text. */
function isAlike(value: Json, wanted: string | number | boolean | null): boolean {
  if (value === null || wanted === null) return value === wanted;
  return typeof value !== 'object' && String(value) === String(wanted);
}

function jsonOf(body: Buffer): Json {
  try {
    return JSON.parse(decodeUtf8(body));
  } catch {
    return undefined;
  }
}
