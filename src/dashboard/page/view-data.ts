import { useEffect, useState } from 'preact/hooks';
import type { Saved } from '../saved-page.ts';
import type { ViewName } from '../views.ts';
import { ask, Unanswered } from './asking.ts';
import { timeNow, whileSeen } from './clock.ts';
import { saved } from './saved.ts';
import type { Told } from './told.ts';

export interface Loaded<Data> {
  /** The last that came; undefined until the first has. */
  readonly data: Data | undefined;
  /** Why the newest could not be had. */
  readonly failure: Told | undefined;
}

/** The data of a view; again when `version` is another one. What is there stays until the new is. */
export function useData<Data>(view: ViewName, query: string, version: string): Loaded<Data> {
  const of = `${view}.json${query === '' ? '' : `?${query}`}`;
  const [loaded, setLoaded] = useState<Loaded<Data> & { readonly of: string }>(() => ({ ...nothing, of }));
  useEffect(() => {
    if (saved !== undefined || version === '') return;
    const { answer, leave } = ask<Data>(of);
    let isWanted = true;
    answer.then(
      (data) => isWanted && setLoaded({ data, failure: undefined, of }),
      (thrown: unknown) => {
        if (!isWanted || !(thrown instanceof Unanswered)) return;
        setLoaded((before) => ({ data: before.of === of ? before.data : undefined, failure: thrown.told, of }));
      },
    );
    return () => {
      isWanted = false;
      leave();
    };
  }, [of, version]);
  if (saved !== undefined) return savedData<Data>(saved, view, of);
  return loaded.of === of ? loaded : nothing;
}

export interface Version {
  /** Another text after each publish, and each minute, in which everything gets older; empty: not known yet. */
  readonly version: string;
  /** Nobody answers any more. */
  readonly isLost: boolean;
  /** When something was published; undefined: nothing was since the page was opened. Milliseconds since 1970. */
  readonly changedAt: number | undefined;
}

/** Asks every two seconds whether something was published. */
export function useVersion(): Version {
  const [version, setVersion] = useState<Published>({ published: '', minute: 0, isLost: false, changedAt: undefined });
  useEffect(() => {
    if (saved !== undefined) return;
    const askAgain = () =>
      ask<{ version: string }>('version.json').answer.then(
        ({ version: published }) =>
          setVersion((before) => {
            const minute = Math.floor(timeNow() / MINUTE);
            const isNew = before.published !== '' && before.published !== published;
            const isSame = !isNew && before.minute === minute && !before.isLost;
            if (isSame) return before;
            return { published, minute, isLost: false, changedAt: isNew ? timeNow() : before.changedAt };
          }),
        () => setVersion((before) => (before.isLost ? before : { ...before, isLost: true })),
      );
    askAgain();
    return whileSeen(EVERY, askAgain);
  }, []);
  const { published, minute, isLost, changedAt } = version;
  return { version: published === '' ? '' : `${published} ${minute}`, isLost, changedAt };
}

// --- internal ---

function savedData<Data>({ answers }: Saved, view: ViewName, of: string): Loaded<Data> {
  const [all, own] = [answers[`${view}.json`], answers[of]];
  if (own === undefined || all === undefined) return { data: undefined, failure: notSaved };
  if ('failure' in all) return { data: undefined, failure: all.failure };
  if ('failure' in own) return { data: undefined, failure: own.failure };
  return { data: { ...all.data, ...own.data } as Data, failure: undefined }; // the version that wrote the file reads it
}

const notSaved: Told = {
  code: 'NotSaved',
  message: 'This page is a file, which has not all of the data.',
  hint: 'Ask where the pipeline is: dezgo-elt show.',
};

interface Published extends Omit<Version, 'version'> {
  readonly published: string;
  readonly minute: number;
}

const EVERY = 2000;
const MINUTE = 60_000;
const nothing = { data: undefined, failure: undefined };
