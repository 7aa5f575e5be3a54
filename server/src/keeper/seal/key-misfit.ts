/** A key that the root key does not open, or that is nowhere: its message says which, and what to put back. */
export class KeyMisfit extends Error {}
