import { dezgo } from './dezgo.ts';
import { rapidapi } from './rapidapi.ts';
import { segmind } from './segmind.ts';

/** Every service that the stand-in plays, by its name on the command line. */
export const profiles = { dezgo, rapidapi, segmind } as const;

export type ProfileName = keyof typeof profiles;

/** What each begins with: the credits of the smallest plan of RapidAPI [doc], and 5 USD at Segmind (invented). */
export const firstCredits: Readonly<Record<ProfileName, number>> = { dezgo: 0, rapidapi: 20_000, segmind: 5 };
