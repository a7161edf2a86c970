import { type Case, inEach } from './case.ts';

const cursor = { cursor_path: 'at', initial_value: '2026-01-01T00:00:00Z' } as const;
const nights = [
  [
    { id: 1, at: '2026-01-10T10:00:00Z', v: 1 },
    { id: 2, at: '2026-01-10T10:15:00Z', v: 1 },
    { id: 3, at: '2026-01-10T10:15:00Z', v: 1 },
  ],
  [
    { id: 2, at: '2026-01-10T10:15:00Z', v: 1 },
    { id: 4, at: '2026-01-10T10:15:00Z', v: 2 },
    { id: 5, at: '2026-01-11T00:00:00Z', v: 2 },
    { id: 0, at: '2026-01-09T00:00:00Z', v: 2 },
  ],
];

/** What is kept between the runs. */
export const keeping: readonly Case[] = [
  {
    name: 'since',
    title: 'an incremental resource loads what is new, once',
    steps: inEach({ primary_key: 'id', endpoint: { incremental: cursor } }, ...nights, ...nights.slice(1)),
  },
  {
    name: 'numbered',
    title: 'a cursor that is a number beyond 53 bits',
    steps: inEach(
      { endpoint: { incremental: { cursor_path: 'n', initial_value: 0 } } },
      '[{"n": 1}, {"n": 9007199254740993}]',
      '[{"n": 9007199254740992}, {"n": 9007199254740993}, {"n": 9007199254740995}]',
    ),
  },
  {
    name: 'refreshed',
    title: '--full-refresh begins anew, in tables that are emptied first',
    steps: [
      ...inEach({ primary_key: 'id', endpoint: { incremental: cursor } }, ...nights),
      ...inEach({ primary_key: 'id', endpoint: { incremental: cursor }, refreshed: true }, [
        { id: 7, at: '2026-01-02T00:00:00Z', of: [1] },
      ]),
    ],
  },
];
