/**
 * Lines for one file that many ask for at once: those that come in the same turn are written and synced together. Synchronously, so that whoever
 * rewrites the file in one turn of the loop has nothing under way beside it.
 */
export function writeTogether(write: (text: string) => void): (line: string) => Promise<void> {
  let waiting: { line: string; done(): void; broke(error: unknown): void }[] = []
  const flush = (): void => {
    const all = waiting
    waiting = []
    try {
      write(all.map(({ line }) => line).join(''))
      for (const { done } of all) done()
    } catch (error) {
      for (const { broke } of all) broke(error)
    }
  }
  return (line) =>
    new Promise((done, broke) => {
      waiting.push({ line, done, broke })
      if (waiting.length === 1) setImmediate(flush)
    })
}
