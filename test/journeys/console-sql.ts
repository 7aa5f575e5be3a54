import { writeFileSync } from 'node:fs'
import { call, session } from '@claviger/api'
import { afterAll, beforeAll } from 'vitest'
import { must, type Person } from '../support/person.ts'
import type { Seat } from './console-driver.ts'
import type { Office } from './console-office.ts'
import { sentFilesInTheBrowser } from './console-sent-files.ts'
import { openShop, type Shop } from './console-shop.ts'
import { sqlDesk } from './console-sql-desk.ts'
import { mariadbInTheBrowser } from './console-sql-mariadb.ts'
import { postgresInTheBrowser } from './console-sql-postgres.ts'

interface Seats {
  alice: () => Seat
  bob: () => Seat
  /** The officer who approves what carol proposes. */
  second: () => Promise<Person>
}

/** SQL on a page of the console, beside psql and mariadb, and what is seen of it afterwards. To be called within a `describe`. */
export function sqlInTheBrowser(office: Office, { alice, bob, second }: Seats): void {
  const desk = sqlDesk(office, alice)
  let opened: Shop | undefined
  const shop = (): Shop => {
    if (!opened) throw new Error('the shop is not open')
    return opened
  }
  beforeAll(async () => {
    const people = { alice: await office.claviger.person('alice'), carol: await office.claviger.person('carol') }
    writeFileSync(desk.authority(), must(await call(people.alice.api, session.gatewayCa)))
    opened = await openShop(people)
  })
  afterAll(() => opened?.stop())

  postgresInTheBrowser(office, alice, desk)
  mariadbInTheBrowser(alice, desk, shop)
  sentFilesInTheBrowser(office, bob, { desk, shop, second })
}
