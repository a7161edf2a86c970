import type { Started } from './started.ts';

export declare function provideExtensions(): Promise<Started>;
