/** Does something with each, so many at once; the answers are in the order of what was given. */
export async function inLanes<T, R>(lanes: number, all: readonly T[], work: (one: T) => Promise<R>): Promise<R[]> {
  const done: R[] = []
  let next = 0
  const lane = async (): Promise<void> => {
    for (let at = next++; at < all.length; at = next++) done[at] = await work(all[at] as T)
  }
  await Promise.all(Array.from({ length: lanes }, lane))
  return done
}
