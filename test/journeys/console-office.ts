import type { Browser, BrowserContextOptions } from 'playwright-core'
import { afterAll, beforeAll } from 'vitest'
import { type Claviger, startClaviger } from '../support/claviger.ts'
import type { Person } from '../support/person.ts'
import { workAccount } from '../support/work.ts'
import { enter, giveCode, openBrowser, type Seat, sit } from './console-driver.ts'

/** Where people of the lab work with the console. */
export interface Office {
  claviger: Claviger
  browser: Browser
  /** The account on web01 that people work with, as `account@target`. */
  at: string
  /** Opens the console as nobody yet. */
  sit(name: string, how?: BrowserContextOptions): Promise<Seat>
  /** Opens `path`, is sent to the door, and comes out at a page with the heading `heading`. */
  enter(name: string, path: string, heading: string | RegExp, how?: BrowserContextOptions): Promise<Seat>
  /** The same for somebody who is not of the lab. */
  enterAs(person: Person, path: string, heading: string | RegExp): Promise<Seat>
}

/** A server with its lab, and a browser, for all tests of a file: there before the first, gone after the last. `env`: settings of the server. */
export function openOffice(env: NodeJS.ProcessEnv = {}): Office {
  const office = {
    sit: (name, how) => sit(office.browser, office.claviger, name, how),
    enter: (name, path, heading, how) => enter(office.browser, office.claviger, name, path, heading, how),
    async enterAs(person, path, heading) {
      const seat = { ...(await office.sit(person.name)), code: person.code }
      await seat.page.goto(path)
      await seat.page.getByLabel('Name').fill(person.name)
      await seat.page.getByLabel('Password', { exact: true }).fill(person.password)
      await seat.page.getByRole('button', { name: 'Continue' }).click()
      await giveCode(seat, heading)
      return seat
    },
  } as Office
  beforeAll(async () => {
    office.claviger = await startClaviger({ lab: true, env })
    office.browser = await openBrowser()
    office.at = `${(await workAccount(office.claviger)).name}@web01`
  })
  afterAll(async () => {
    await office.browser?.close()
    await office.claviger?.stop()
  })
  return office
}
