import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { clean, look } from './console-checks.ts'
import { patient, type Seat } from './console-driver.ts'
import type { Shop } from './console-shop.ts'
import { cells, type SqlDesk, underWay } from './console-sql-desk.ts'

/** MariaDB on a page of the console, beside mariadb. To be called within a `describe`. */
export function mariadbInTheBrowser(seat: () => Seat, { begin, run, likeNative }: SqlDesk, shop: () => Shop): void {
  test('MariaDB is asked on the same page; null, bytes, warnings, errors, and a statement that is cancelled', async () => {
    const page = await begin(shop().where)
    await run(page, "select 1 as one, null as nothing, x'00ff' as bytes, cast('12 apples' as int) as n; select 2 as two")
    await page.getByText('1 warning: show warnings reads them.').waitFor()
    expect(await cells(page).allTextContents()).toEqual(['1', 'NULL', '0x00ff', '12', '2'])
    await run(page, 'select 1;\nselect sum( from dual')
    await page.getByRole('alert').getByText('Line 2, column 13').waitFor()
    await look(page, 'sql-mariadb')
    await page.getByLabel('SQL', { exact: true }).fill('select sleep(600) from tables')
    await page.keyboard.press('Control+Enter')
    await page.getByRole('status').filter({ hasText: underWay }).waitFor()
    await page.getByRole('button', { name: 'Cancel' }).click()
    await page.getByRole('alert').filter({ hasText: 'Query execution was interrupted' }).waitFor(patient)
    await page.getByRole('button', { name: 'End session' }).click()
  })

  test('MariaDB’s ledger and recording are those of mariadb', async () => {
    const name = `v${randomBytes(3).toString('hex')}`
    await likeNative(shop().where, [
      `set @${name} = 7`,
      `select @${name} as seven, null as nothing`,
      'do sleep(0)',
      'select * from nowhere',
    ])
    await clean(seat().page)
  })
}
