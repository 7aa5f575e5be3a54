import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { audit, call, session } from '@claviger/api'
import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, test } from 'vitest'
import { addPolicies } from '../support/add-policies.ts'
import { must, type Person } from '../support/person.ts'
import { until } from '../support/until.ts'
import { fitsAPhone, look } from './console-checks.ts'
import { confirm, patient, type Seat } from './console-driver.ts'
import type { Office } from './console-office.ts'
import type { Shop } from './console-shop.ts'
import type { SqlDesk } from './console-sql-desk.ts'

interface With {
  desk: SqlDesk
  shop: () => Shop
  /** The officer who approves what carol proposes. */
  second: () => Promise<Person>
}

/** Each answer is shown when it comes. */
const sends = ['--local-infile=1', '-n']
const table = 'create temporary table desk.people (id int primary key, name varchar(200))'
const counted = 'select count(*) as loaded from desk.people'
const lines = (count: number) => Array.from({ length: count }, (_, i) => `${i}\tname of ${i}\n`).join('')
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

/** Files that alice sends with a real mariadb (`LOAD DATA LOCAL`): who looks at the session afterwards, and who is asked before. To be called within a `describe`. */
export function sentFilesInTheBrowser(office: Office, bob: () => Seat, { desk, shop, second }: With): void {
  const path = (...names: string[]) => join(office.claviger.work, ...names)
  const file = (folder: string, name: string, contents: string): string => {
    mkdirSync(path(folder), { recursive: true })
    writeFileSync(path(folder, name), contents)
    return path(folder, name)
  }
  const load = (name: string, more = '') => `load data local infile '${name}' into table desk.people${more}`
  const held = (page: Page) => page.getByRole('article', { name: `Held: Alice Moreau on ${shop().where.at}` })
  const decided = (page: Page) => page.getByRole('region', { name: 'Held in sessions' })

  /** The newest of mariadb's, once it is settled. */
  async function newest(): Promise<session.Session> {
    const { api } = await office.claviger.person('alice')
    return await until('the session to be settled', async () => {
      const { sessions } = must(await call(api, session.sessions, { query: { limit: 20 } }))
      const found = sessions.find(({ door, way }) => door === 'mysql' && way === 'native')
      return found?.endedAt ? found : undefined
    })
  }
  const entriesOf = async (id: string, act: string) => {
    const { entries } = must(await call((await office.claviger.person('carol')).api, audit.ledger, { query: { act, limit: 20 } }))
    return entries.filter(({ fields }) => fields.session === id).reverse()
  }
  const filesOf = async (seat: Seat, id: string) => {
    await seat.page.goto(`/sessions/${id}`)
    await seat.page.getByText('Files that were sent', { exact: true }).click()
    return seat.page.getByRole('region', { name: 'Files that were sent' })
  }

  describe('files that were sent', () => {
    beforeAll(async () => {
      const permit = (act: string, folder: string) =>
        `${act} permit (principal, action == Action::"transfer", resource in Kind::"mysql") when { context.op == "put" && context.path like "${path(folder)}/*" };`
      const added = [
        { name: 'send-in', text: permit('@act("alert")', 'in') },
        { name: 'send-asked', text: permit('@act("ask") @wait("10m")', 'asked') },
      ]
      await addPolicies(office.claviger, await second(), added, 'Files for the shop')
    })

    test('alice sends files with mariadb; dave sees which, how much of them with its hash, when, and which were not let through', async () => {
      const contents = lines(20_000)
      const [people, wrong, keys] = [
        file('in', 'people.tsv', contents),
        file('in', 'twice.tsv', '1\ta\n1\tb\n'),
        file('elsewhere', 'id_ed25519', 'secret\n'),
      ]
      const twice = ' (@id, name) set id = (select 1 union select 2)'
      const statements = [table, load(people), counted, load(wrong, twice), load(keys), 'select 6 * 7 as goes_on']
      const said = await desk.native(shop().where, statements, sends)
      expect(said).toMatch(/^20000$/m)
      expect(said).toContain('No policy lets files of your machine pass')
      expect(said).toMatch(/^42$/m)

      const { id } = await newest()
      const dave = await office.enter('dave', `/sessions/${id}`, /^Alice Moreau on/)
      const { page } = dave
      // each opening is a viewing: the files are opened when they are wanted
      await page.getByRole('link', { name: /^Statement 1 / }).waitFor(patient)
      expect(await entriesOf(id, 'recording.viewed')).toMatchObject([{ fields: { how: 'statements' } }])
      const files = await filesOf(dave, id)
      const row = (name: string) => files.getByRole('listitem').filter({ hasText: name })
      await row(people).getByText('Sent', { exact: true }).waitFor(patient)
      await page.getByRole('region', { name: 'Verification' }).getByText('Verified.', { exact: true }).waitFor(patient)
      expect(await row(people).textContent()).toMatch(/^1\d+:\d\d/)
      expect(await row(people).textContent()).toContain('KiB')
      expect(await row(people).textContent()).toContain('Done')
      expect(await row(people).getByTitle(sha256(contents)).textContent()).toBe(`SHA-256 ${sha256(contents).slice(0, 16)}…`)
      await row(wrong).getByText('Subquery returns more than 1 row').waitFor()
      await row(wrong).getByText('Failed').waitFor()
      await row(keys).getByText('Not sent', { exact: true }).waitFor()
      await row(keys).getByText('No policy lets files of your machine pass').waitFor()
      expect(await row(keys).textContent()).not.toContain('SHA-256')
      await look(page, 'sent-files')
      await fitsAPhone(page, { path: 'files that were sent', shows: '' })
      await files.getByLabel('Part of a path or hash').fill('ed25519')
      await expect.poll(() => files.getByRole('listitem').count(), patient).toBe(1)
      await files.getByLabel('Part of a path or hash').fill('nothing like it')
      await files.getByText('No file is like that.').waitFor()
      expect((await entriesOf(id, 'recording.viewed')).map(({ fields }) => fields.how)).toContain('files')

      expect(
        (await entriesOf(id, 'session.file')).map(({ fields: { op, bytes, outcome, sha256: hash } }) => [op, bytes, outcome, hash]),
      ).toEqual([
        ['put', contents.length, 'ok', sha256(contents)],
        ['put', 8, 'failed', sha256('1\ta\n1\tb\n')],
        ['put', null, 'failed', null],
      ])
      expect(dave.complaints).toEqual([])
      await dave.close()
    })

    test('a session in which no file was sent says so', async () => {
      await desk.native(shop().where, ['select 1'], sends)
      const { id } = await newest()
      const dave = await office.enter('dave', `/sessions/${id}`, /^Alice Moreau on/)
      await (await filesOf(dave, id)).getByText('No file was sent', { exact: true }).waitFor(patient)
      await look(dave.page, 'sent-files-none')
      expect(dave.complaints).toEqual([])
      await dave.close()
    })

    test('what policy asks about waits until bob has read which file it is: the one he allows is sent, the one he refuses is not', async () => {
      const { page } = bob()
      await page.goto('/approvals')
      const [yes, no] = [file('asked', 'yes.tsv', lines(3)), file('asked', 'no.tsv', lines(4))]
      const ran = await desk.start(shop().where, [table, load(yes), counted, load(no), counted], sends)
      await held(page).getByText(`send ${yes} of their own machine`).waitFor(patient)
      await look(page, 'sent-file-held')
      await fitsAPhone(page, { path: 'a file that is held', shows: '' })
      // neither the target nor the client heard of it
      expect(ran.out()).toBe('')
      await held(page).getByRole('button', { name: 'Allow…' }).click()
      await page.getByRole('dialog').getByText(yes).waitFor()
      await look(page, 'sent-file-allow')
      await confirm(bob(), 'Allow', decided(page).getByText(/file on ops@shop-db was allowed by bob, and was done, this once\./))

      await held(page).getByText(`send ${no} of their own machine`).waitFor(patient)
      await expect.poll(() => ran.out(), patient).toBe('3\n')
      await held(page).getByRole('button', { name: 'Refuse…' }).click()
      await page.getByRole('dialog').getByLabel('Reason').fill('Not on a Monday')
      await page.getByRole('dialog').getByRole('button', { name: 'Refuse', exact: true }).click()
      await decided(page).getByText('was refused by bob: Not on a Monday. It was not done.').first().waitFor(patient)
      await ran.ended
      expect(ran.said()).toContain('bob refused this: Not on a Monday')
      expect(ran.out()).toBe('3\n3\n')

      const { id } = await newest()
      const { id: decider } = await office.claviger.person('bob')
      const ledger = async (act: string) => (await entriesOf(id, act)).map(({ by, fields: { ask } }) => ({ by, ask }))
      const asked = await ledger('session.act_asked')
      expect(asked).toHaveLength(2)
      expect(await ledger('session.act_allowed')).toEqual([{ by: decider, ask: asked[0]?.ask }])
      expect((await ledger('session.act_passed')).map(({ ask }) => ask)).toEqual([asked[0]?.ask])
      expect(await ledger('session.act_denied')).toEqual([{ by: decider, ask: asked[1]?.ask }])
      expect((await entriesOf(id, 'session.file')).map(({ fields: { bytes, outcome } }) => [bytes, outcome])).toEqual([
        [lines(3).length, 'ok'],
        [null, 'failed'],
      ])
    })
  })
}
