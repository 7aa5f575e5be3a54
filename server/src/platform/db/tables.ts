/**
 * The tables as kysely sees them. Empty here: each domain adds its own in its `tables.ts` by declaration merging,
 * so that there is no list which every feature must edit.
 */
// biome-ignore lint/suspicious/noEmptyInterface: filled by declaration merging
export interface Tables {}
