import { lakeWith } from './lake-with.ts';
import { lakeInFile } from './lakes.ts';

/** A lake in files of this machine. */
export const ducklake = lakeWith(lakeInFile);
