import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { audit, call, inventory, session } from '@claviger/api'
import type { Page } from 'playwright-core'
import { beforeAll, expect, test } from 'vitest'
import { type Claviger, cli } from '../support/claviger.ts'
import { keepResults } from '../support/keep-results.ts'
import { invite, must, withCode } from '../support/person.ts'
import { runProgram } from '../support/process.ts'
import { until } from '../support/until.ts'
import { grant, targetNamed } from '../support/work.ts'
import { content, fitsAPhone, look } from './console-checks.ts'
import { type Seat, tabTo } from './console-driver.ts'

interface Given {
  claviger: Claviger
  carol: Seat
  at: string
}

/** What statements gave back, as far as policy has it kept, as an officer reads it. To be called within a `describe`. */
export function keptResultsInTheBrowser(given: () => Given): void {
  let id: string
  let said: string

  beforeAll(async () => {
    const { claviger } = given()
    const carol = await claviger.person('carol')
    await keepResults(claviger, await invite(claviger, carol, 'olga', ['security']), '4KiB')
    const ran = await psql([
      "select n as id, 'Person ' || n as name, case when n % 3 = 0 then null else n * 1.5 end as amount, repeat('wide ', 20) as note from generate_series(1, 4031) n;",
      'select 1 as one \\; select \'<img src=x onerror="document.title=1">\' as "<b>html</b>", \'\' as empty;',
      "create temporary table users as select 'Ada' as name, 'never-to-be-seen' as api_key;",
      'select * from users;',
      'select 1 where false;',
    ])
    said = ran.said
    id = ran.id
  })

  /** A session of alice's with psql, under a new grant. */
  async function psql(input: readonly string[]): Promise<{ said: string; id: string }> {
    const { claviger, at } = given()
    const carol = await claviger.person('carol')
    const alice = await claviger.person('alice')
    const newest = async () => must(await call(carol.api, session.sessions, { query: { limit: 1 } })).sessions[0]
    const granted = (await grant(alice, await claviger.person('bob'), at)).grant.id
    const { ticket, user, port } = must(await call(alice.api, session.issueTicket, { params: { id: granted } }))
    const env = {
      ...{ PATH: process.env.PATH, PGHOST: 'localhost', PGPORT: `${port}`, PGUSER: user, PGPASSWORD: ticket, PGDATABASE: 'postgres' },
      ...{ PGSSLMODE: 'verify-full', PGSSLROOTCERT: join(claviger.work, 'ca.pem') },
    }
    const before = (await newest())?.id
    const { said: heard } = await runProgram('psql', ['-X', '-q'], { env, seconds: 180, input: input.join('\n') })
    const over = await until('the session to be settled', async () => {
      const one = await newest()
      return one?.endedAt && one.id !== before ? one.id : undefined
    })
    return { said: heard, id: over }
  }

  const statements = (page: Page) => page.getByRole('region', { name: 'Statements' })
  const rows = (page: Page, n: number) => statements(page).getByRole('region', { name: `Rows of result ${n}` })

  test('alice is told that rows are kept, and carol reads the first ones where she opens a statement', async () => {
    const { page } = given().carol
    expect(said).toContain('Of what each statement gives back, 4 KiB are kept.')
    await page.goto(`/sessions/${id}`)
    await content(page, { path: '', shows: 'Verified.' }).waitFor()
    await tabTo(page, statements(page).getByRole('link', { name: /Person/ }))
    await page.keyboard.press('Enter')
    await statements(page)
      .getByText(/^First \d\d of 4,031 rows kept/)
      .waitFor()
    expect(await rows(page, 1).getByRole('columnheader').allTextContents()).toEqual(['id', 'name', 'amount', 'note'])
    const cells = await rows(page, 1).getByRole('cell').allTextContents()
    expect(cells.slice(8, 11)).toEqual(['3', 'Person 3', 'null'])
    await look(page, 'kept-rows')
    await fitsAPhone(page, { path: 'kept rows', shows: '' })
  })

  test('several results of one text, html that stays text, a value of a column that is named like a secret masked, and no row at all', async () => {
    const { page } = given().carol
    await page.goto(`/sessions/${id}?statement=2`)
    await rows(page, 2).waitFor()
    expect(await rows(page, 1).getByRole('cell').allTextContents()).toEqual(['1'])
    expect(await rows(page, 2).getByRole('columnheader').allTextContents()).toEqual(['<b>html</b>', 'empty'])
    expect(await page.locator('main img, main b').count()).toBe(0)
    await look(page, 'kept-rows-several')
    await page.goto(`/sessions/${id}?statement=4`)
    await rows(page, 1).waitFor()
    expect(await rows(page, 1).getByRole('cell').allTextContents()).toEqual(['Ada', '[masked]'])
    await look(page, 'kept-rows-masked')
    await page.goto(`/sessions/${id}?statement=5`)
    await statements(page).getByText('SELECT 0').waitFor()
    expect(await rows(page, 1).count()).toBe(0)
  })

  test('the same by the command line, in the exports, and in a file that verifies without the server', async () => {
    const { claviger } = given()
    await cli(claviger, ['login', '--name', 'carol', '--password-file', '-', '--code-file', '-', '--json'], {
      input: await login(claviger),
    })
    const listed = await cli(claviger, ['sessions', 'statements', id])
    expect(listed.out).toMatch(/\d\d rows kept \(--text\)/)
    const text = await cli(claviger, ['sessions', 'statements', id, '--text'])
    expect(text.out).toMatch(
      /the first \d\d rows that it gave back:\n {6}id \| name \| amount \| note\n {6}'1' \| 'Person 1' \| '1\.5' \| 'wide /,
    )
    expect(text.out).toContain("'Ada' | '[masked]'")
    const json = JSON.parse((await cli(claviger, ['sessions', 'statements', id, '--json'])).out) as { statements: session.Statement[] }
    expect(json.statements[1]?.results?.sets).toMatchObject([{ rows: [['1']] }, { rows: [['<img src=x onerror="document.title=1">', '']] }])
    const carol = await claviger.person('carol')
    const file = (name: string) => join(claviger.work, `kept-${name}`)
    expect(await cli(claviger, ['sessions', 'export', id, '--html', '--out', file('page.html')])).toMatchObject({ status: 0 })
    const [, sealed = ''] =
      /<script type="text\/plain" id="recording">([^<]*)<\/script>/.exec(readFileSync(file('page.html'), 'utf8')) ?? []
    const bytes = Buffer.from(sealed, 'base64')
    // the checkpoint first: the ledger goes on, and an export that is older than its checkpoint would lack entries
    writeFileSync(file('checkpoint'), must(await call(carol.api, audit.checkpoint)).note)
    writeFileSync(file('ledger.jsonl'), must(await call(carol.api, audit.exportLedger)))
    const verdict = async () => {
      writeFileSync(file('session.clvr'), bytes)
      const of = ['--ledger', file('ledger.jsonl'), '--checkpoint', file('checkpoint'), '--json']
      return JSON.parse((await cli(claviger, ['sessions', 'verify', file('session.clvr'), ...of])).out)
    }
    expect(await verdict()).toMatchObject({ ok: true, recording: { state: 'intact', vouched: true } })
    const middle = bytes.length >> 1
    bytes[middle] = (bytes[middle] as number) ^ 1
    expect(await verdict()).toMatchObject({ ok: false, recording: { state: 'altered' } })
    expect(`${text.out}${JSON.stringify(json)}`.match(/never-to-be-seen/g)).toBeNull()
  })

  test('of a target with card numbers nothing, though policy says so: the person is told nothing of it, and no number is anywhere', async () => {
    const { claviger, at } = given()
    const carol = await claviger.person('carol')
    const target = await targetNamed(claviger, at.split('@')[1] ?? '')
    await withCode(carol.code, (code) =>
      call(carol.api, inventory.changeTarget, { params: { id: target.id }, body: { scopes: ['pci'], code } }),
    )
    const ran = await psql(["select '411111111' || '1111111' as card;", "select '42' as answer;"])
    expect(ran.said).toContain('4111111111111111')
    expect(ran.said).toContain('This session is recorded')
    expect(ran.said).not.toContain('KiB are kept')
    const page = must(await call(carol.api, session.sessionStatements, { params: { id: ran.id } }))
    expect(page.statements).toHaveLength(2)
    expect(page.statements.filter((s) => s.results)).toEqual([])
    const text = await cli(claviger, ['sessions', 'statements', ran.id, '--text'])
    expect(text.out).toContain('SELECT 1')
    expect(`${text.out}${JSON.stringify(page)}`).not.toMatch(/4111111111111111|gave back/)
  })
}

async function login(claviger: Claviger): Promise<string> {
  const carol = await claviger.person('carol')
  return `${carol.password}\n${await carol.code()}\n`
}
