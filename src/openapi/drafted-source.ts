import type { BaseUrl } from './base-url.ts';
import type { DraftedAuth, SourceAuth } from './guess-auth.ts';
import type { PaginatorKeys } from './guess-paginator.ts';
import type { Guess } from './guessed.ts';

/** Whether only the first page of a list is read, though there may be more. */
export function isOpenEnded({ isList, paginator, pagingSigns }: DraftedResource): boolean {
  return isList && paginator === undefined && pagingSigns.length > 0;
}

/** A source as it follows from a document: what is known, what is guessed and why, what a person has to decide. */
export interface DraftedSource {
  readonly title: string;
  /** Lower-case letters, digits, `_`: the name that others are made of. */
  readonly name: string;
  readonly baseUrl: BaseUrl;
  readonly auth: SourceAuth;
  readonly resources: readonly DraftedResource[];
  /** What was left out, a line each. */
  readonly notes: readonly string[];
}

export interface DraftedResource {
  readonly name: string;
  /** As in the document: `GET /users/{id}`. */
  readonly request: string;
  readonly description: string;
  readonly isList: boolean;
  /** Why a run does not load it by itself; undefined where it does. */
  readonly whyNot: string | undefined;
  /** With placeholders for what a parent's records give. */
  readonly path: Guess<string>;
  readonly selector: Guess<string>;
  /** Selectors of lists that were not taken. */
  readonly otherLists: readonly string[];
  readonly key: Guess<readonly string[]> | undefined;
  readonly keyCandidates: readonly string[];
  readonly paginator: Guess<PaginatorKeys> | undefined;
  readonly pagingSigns: readonly string[];
  /** Fields of the parent's records that its own get. */
  readonly included: readonly IncludedDraft[];
  readonly params: readonly ParamDraft[];
  readonly headers: readonly ParamDraft[];
  readonly auth: DraftedAuth | 'none' | undefined;
  /** `csv`, `text`, `binary`, where a reply is no JSON. */
  readonly format: string | undefined;
  /** The document does not say what it answers with. */
  readonly isUnknown: boolean;
  readonly notes: readonly string[];
}

export interface IncludedDraft {
  readonly from: string;
  readonly as: string;
  /** `as` is what it would be called anyway. */
  readonly isUsual: boolean;
}

export interface ParamDraft {
  readonly name: string;
  /** Undefined: a person has to say it. */
  readonly value: string | number | boolean | undefined;
  /** Part of the path: its values are listed. */
  readonly isOfPath: boolean;
  readonly candidates: readonly string[];
  /** Where the document does not ask for it. */
  readonly why?: string;
}
