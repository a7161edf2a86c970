/** What JSON.parse gives, plus bigint for integers beyond 2^53 and ExactNumber where doubles would round. */
export type Json = unknown;
