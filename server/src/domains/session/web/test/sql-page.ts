import type { Browser, openWebWorld } from './web-world.ts'

type Said = Record<string, unknown>

/** The page of SQL as a test drives it: what it opens is closed by `closeAll`. `first` is what a page says as it opens. */
export function openSqlPages(world: () => Awaited<ReturnType<typeof openWebWorld>>, grant: string, first: object) {
  const open: Browser[] = []
  const connect = async (said = first, id = grant, headers = {}): Promise<Browser> => {
    const browser = await world().open(id, headers).opened()
    open.push(browser)
    browser.say(said)
    return browser
  }
  return {
    connect,
    async ready(): Promise<Browser> {
      const browser = await connect()
      await browser.until(() => browser.heard('ready').length > 0)
      return browser
    },
    /** What a text comes to, from the moment it is sent until the database is idle. */
    async run(browser: Browser, sql: string): Promise<Said[]> {
      const before = browser.texts.length
      browser.say({ kind: 'run', sql })
      await browser.until(() => browser.texts.slice(before).some((t) => t.kind === 'idle'))
      return browser.texts.slice(before)
    },
    closeAll(): void {
      for (const browser of open.splice(0)) browser.socket.terminate()
    },
  }
}

export const rowsOf = (said: readonly Said[]) => said.filter((t) => t.kind === 'rows').flatMap((t) => t.rows as unknown[])
