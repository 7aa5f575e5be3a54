const turns = new Map<string, Promise<unknown>>()

/** Runs `fn` after whatever else was begun under this key in this process. Other servers are kept away by the database's unique index. */
export async function inTurn<T>(key: string, fn: () => Promise<T>): Promise<T> {
  const before = turns.get(key) ?? Promise.resolve()
  const turn = before.then(fn, fn)
  const settled = turn.then(
    () => undefined,
    () => undefined,
  )
  turns.set(key, settled)
  try {
    return await turn
  } finally {
    if (turns.get(key) === settled) turns.delete(key)
  }
}
