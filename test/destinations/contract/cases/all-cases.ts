import type { Allowance, TestDestination } from '../test-destination.ts';
import type { Case } from './case.ts';
import { dispositions } from './dispositions.ts';
import { evolution } from './evolution.ts';
import { keeping } from './keeping.ts';
import { values } from './values.ts';

export const allCases: readonly Case[] = [...dispositions, ...evolution, ...values, ...keeping];

/** Why a destination does a case in another way. */
export function allowancesFor({ lacks }: TestDestination, { name, needs = [] }: Case): Allowance[] {
  return [name, ...needs].flatMap((what) => lacks[what] ?? []);
}

/** The error that a destination answers a case with; undefined where it does it. */
export function refusalOf(destination: TestDestination, one: Case): RegExp | undefined {
  return allowancesFor(destination, one).flatMap((allowance) => ('refused' in allowance ? allowance.refused : []))[0];
}

/** Whether a table is of a case that a destination does as a DuckDB file does it, names of tables and columns included. */
export function isPlainFor(destination: TestDestination): (table: string | null | undefined) => boolean {
  const plain = allCases.filter(
    (one) =>
      allowancesFor(destination, one).length === 0 &&
      (one.hasLongNames !== true || destination.longestName === undefined),
  );
  return (table) => plain.some(({ name }) => table === name || table?.startsWith(`${name}__`) === true);
}
