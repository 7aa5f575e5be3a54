/** What the address of this page says after its `?`. */
export interface RotationsSearch {
  /** What is to be done, when left out. */
  state?: 'held' | 'done' | undefined
}
