import type { Started } from './started.ts';

export declare function startPostgres(): Promise<Started>;
