/** More than this nobody reads in a terminal: a search says which. */
const most = 20_000

/** Every row of a list that the server answers a page at a time. */
export async function collectPages<T>(
  page: (after: string | undefined, soFar: number) => Promise<{ rows: T[]; next: string | null }>,
): Promise<T[]> {
  const all: T[] = []
  let after: string | undefined
  do {
    const { rows, next } = await page(after, all.length)
    all.push(...rows)
    after = next ?? undefined
  } while (after !== undefined && all.length < most)
  return all
}
