/** By name: see `lanes.mjs`. */
export declare const lanes: Readonly<Record<string, object>>;
