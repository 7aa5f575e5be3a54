import { generateKeyPairSync, sign } from 'node:crypto'
import { mkdirSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type pg from 'pg'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openBrowser } from '../../../../../test/journeys/console-driver.ts'
import { root } from '../../../../../test/support/claviger.ts'
import type { How, LiveSession } from '../../../gateways/contract.ts'
import { granted } from '../../../keeper/test/access.ts'
import { openWorld, type World } from '../../../keeper/test/world.ts'
import { Secret } from '../../../kernel/secret.ts'
import { sha256 } from '../../../platform/crypto/hash.ts'
import { openDb, openPool } from '../../../platform/db/open-db.ts'
import type { SignedIn } from '../../../platform/http/handler.ts'
import { createDecide } from '../../access/index.ts'
import { createActs, NotSequenced } from '../../audit/index.ts'
import { must } from '../../identity/test/house.ts'
import { createSessionHost, type Host } from '../index.ts'
import { exportPage, largestPage } from './export-page.ts'

/*
 * The page of evidence as an auditor has it: a file on a disk, opened by a real Chromium that reaches nothing. The recording in it was written by the real
 * recorder, and what vouches for it was signed by a real keeper.
 */

let world: World
let pool: pg.Pool
let host: Host
let browser: Browser
let recordings: string
let grant: string
let terminal: string
let html: string
let key: string
const shots = process.env.CLAVIGER_SHOTS
const attack = '</script><script>document.title="owned"</script><img src=x onerror="document.title=1">'
const shell: How = { kind: 'shell', term: { columns: 80, rows: 24, name: 'xterm' } }

const asDave = async (): Promise<SignedIn> =>
  ({
    ...{ person: world.dave.id, name: 'dave', groups: ['auditors'], signIn: 'sgn_aaaaaaaaaa' },
    presence: (await world.present(world.dave)).presence,
  }) as unknown as SignedIn
const exported = async (session: string, audit = world.audit) => {
  const { db, keeper, index, clock } = world
  const deps = { db, keeper, audit, index, recordings, now: clock.now, console: join(root, 'console/dist') }
  return await exportPage(deps, session, await asDave())
}
const pageOf = async (session: string): Promise<string> => {
  let text = ''
  for await (const piece of must(await exported(session)).body) text += piece
  return text
}
async function open(how: How = shell): Promise<LiveSession> {
  const door = how.kind === 'sql' ? ('postgres' as const) : ('ssh' as const)
  const attempt = { door, person: 'alice', account: 'deploy', target: 'web01', from: '192.0.2.9:4711' }
  const { presence } = await world.present(world.alice)
  const admitted = { person: world.alice.id, attempt, admitted: true as const, presence }
  return must(await host.open(admitted, { id: grant as never, remainingMs: 3_600_000 }, how))
}
const typed = (live: LiveSession, command: string, answer: string) => {
  live.recorder.output(Buffer.from('$ '))
  live.recorder.input(Buffer.from(`${command}\r`))
  live.recorder.output(Buffer.from(`${command}\r\n${answer}`))
}

beforeAll(async () => {
  world = await openWorld()
  recordings = join(world.database.folder, 'recordings')
  mkdirSync(recordings)
  pool = openPool(world.database.connection('gateway'), 6)
  const db = openDb(pool)
  const { clock, gateway } = world
  host = createSessionHost({
    ...{ db, clock, recordings, keeper: gateway, audit: createActs({ db, keeper: gateway, now: clock.now }), now: clock.now },
    ...{ reachable: { ssh: ['linux-ssh'], postgres: ['linux-ssh'], mysql: [] }, rotationMs: 20_000, log: () => undefined },
    ...{ limits: { idleSeconds: 28_800, longestSeconds: 28_800 }, decide: createDecide(gateway), shortestSeconds: 20 },
    ...{ connects: () => true, console: 'http://localhost' },
  })
  const store = { account: world.deploy.id, credential: 'password', public: null } as const
  must(await world.keeper.ask('storeCredential', store, Secret.fromText('injected')))
  grant = String((await granted(world, world.alice, world.deploy, world.bob)).grant.id)
  const live = await open()
  typed(live, 'uptime', ' 10:42:01 up 12 days,  load average: \x1b[32m0.08\x1b[0m, 0.03, 0.01\r\n')
  await delay(1_200)
  typed(live, `echo '${attack}'`, `${attack}\r\n\x1b]0;owned\x07\x1b]8;;javascript:alert(1)\x07a link\x1b]8;;\x07\r\n`)
  await delay(1_200)
  typed(live, 'systemctl restart orders', '\x1b[1mrestarted\x1b[0m, 日本語 too\r\n$ ')
  await live.ended({ reason: 'closed', exitStatus: 0 })
  terminal = live.id
  html = await pageOf(terminal)
  if (shots) writeFileSync(join(shots, 'evidence.html'), html)
  const status = must(await world.keeper.ask('status', {}))
  key = status.verifierKey
  browser = await openBrowser()
})
afterAll(async () => {
  await browser?.close()
  await pool?.end()
  await world?.close()
})

let files = 0
const eventually = (what: () => Promise<unknown>) => expect.poll(what)
/** The page from disk, in a browser that reaches nothing. `asked`: whatever it tried to load beside itself; `complaints`: what it said of itself. */
async function opened(content: string, colorScheme: 'light' | 'dark' = 'light') {
  const file = join(world.database.folder, `evidence-${++files}.html`)
  writeFileSync(file, content)
  const context = await browser.newContext({ offline: true, colorScheme, viewport: { width: 1280, height: 900 } })
  const page = await context.newPage()
  const asked: string[] = []
  const complaints: string[] = []
  page.on('request', (request) => asked.push(request.url()))
  page.on('console', (message) => complaints.push(message.text()))
  page.on('pageerror', (error) => complaints.push(String(error)))
  page.on('dialog', (dialog) => complaints.push(dialog.message()))
  await page.goto(`file://${file}`)
  await page.locator('main[data-ready], .unchecked[role=alert]').first().waitFor()
  return { page, asked: asked.slice(1), complaints, close: () => context.close() }
}
const verdict = (page: Page) => page.getByRole('status')
const compare = (page: Page, with_: string) => page.getByRole('textbox').fill(with_)
const shot = async (page: Page, name: string) => shots && (await page.screenshot({ path: join(shots, `${name}.png`), fullPage: true }))
/** The page with something in it changed, as who has the file can. */
const told = (change: (told: Record<string, unknown> & { entries: { bytes: string; path: string[] }[] }) => void): string =>
  html.replace(/(<script type="application\/json" id="told">)(.*?)(<\/script>)/s, (_, begin: string, json: string, end: string) => {
    const of = JSON.parse(json)
    change(of)
    return `${begin}${JSON.stringify(of).replaceAll('<', '\\u003c')}${end}`
  })
const recordingIn = (page: string): Buffer => Buffer.from(/id="recording">\n(.*?)<\/script>/s.exec(page)?.[1] ?? '', 'base64')
const withBytes = (bytes: Buffer): string =>
  html.replace(
    /(id="recording">\n)(.*?)(<\/script>)/s,
    (_, begin: string, _old, end: string) => `${begin}${bytes.toString('base64')}\n${end}`,
  )

describe('a page of evidence', () => {
  test('plays offline, shows what happened and runs nothing of it, and is green once its key was compared', async () => {
    const { page, asked, complaints, close } = await opened(html)
    expect(await verdict(page).getAttribute('data-tone')).toBe('unsure')
    await shot(page, 'evidence-unsure')
    await compare(page, key)
    await eventually(() => verdict(page).getAttribute('data-tone')).toBe('good')
    const fingerprint = sha256(Buffer.from(key)).toString('hex')
    await compare(page, 'claviger.dev/ledger/other+00000000+AAAA')
    await eventually(() => verdict(page).getAttribute('data-tone')).toBe('bad')
    await compare(page, fingerprint.toUpperCase().replaceAll(/(.{4})/g, '$1 '))
    await eventually(() => verdict(page).getAttribute('data-tone')).toBe('good')
    const screen = page.getByRole('img', { name: 'The recorded screen' })
    await page.getByRole('button', { name: /systemctl restart/ }).click()
    await eventually(() => screen.textContent()).toContain(attack.slice(0, 60))
    await page.getByRole('slider').press('End')
    await eventually(() => screen.textContent()).toContain('日本語')
    await shot(page, 'evidence-light')
    await page.getByRole('slider').press('Home')
    await eventually(() => screen.textContent()).not.toContain('owned')
    await page.getByRole('combobox').selectOption('16')
    await page.getByRole('button', { name: 'Play' }).click()
    await eventually(() => screen.textContent()).toContain('日本語')
    expect(await page.title()).toBe(`Evidence ${terminal}`)
    expect(await page.locator('img, iframe, a').count()).toBe(0)
    expect({ asked, complaints }).toEqual({ asked: [], complaints: [] })
    await page.emulateMedia({ media: 'print' })
    expect(await page.getByRole('region', { name: 'Commands, for printing' }).isVisible()).toBe(true)
    await shot(page, 'evidence-print')
    await close()
  })

  test('is dark where its reader likes that, and says that a session was not over', async () => {
    const live = await open({ kind: 'sql', database: 'orders', application: '' } as How)
    for (const [n, sql] of ['select 6 * 7', `select '${attack}'`].entries()) {
      live.recorder.statementStarted({ n: n + 1, via: 'extended', sql, parameters: ['a', null], unsureEncoding: false, escaped: false })
      if (n === 1)
        live.recorder.resultPassed(2, () => ({
          columns: [
            { name: '<b>name</b>', type: 'text' },
            { name: 'note', type: 'text' },
          ],
        }))
      if (n === 1) live.recorder.resultPassed(2, () => ({ row: [attack, null] }))
      live.recorder.statementEnded({ n: n + 1, durationMs: 1.5, rows: 1, bytes: 9, outcome: 'ok', tag: 'SELECT 1' })
    }
    await live.ended({ reason: 'closed' })
    const { page, asked, complaints, close } = await opened(await pageOf(live.id), 'dark')
    await compare(page, key)
    await eventually(() => verdict(page).getAttribute('data-tone')).toBe('good')
    const statements = page.getByRole('region', { name: 'Statements', exact: true })
    expect(await statements.getByRole('row').count()).toBe(3)
    expect(await statements.textContent()).toContain(`select '${attack}'`)
    await statements.getByText('First 1 of 1 rows kept').click()
    const gave = statements.getByRole('region', { name: 'Rows of statement 2, result 1' })
    expect(await gave.getByRole('columnheader').allTextContents()).toEqual(['<b>name</b>', 'note'])
    expect(await gave.getByRole('cell').allTextContents()).toEqual([attack, 'null'])
    expect({ asked, complaints }).toEqual({ asked: [], complaints: [] })
    await shot(page, 'evidence-sql-dark')
    await close()
    const running = await open()
    const [{ id: recording }] = await world.sql('select id from recording where session_id = $1', [running.id])
    const size = () => statSync(join(recordings, `${recording}.clvr`)).size
    const before = size()
    running.recorder.output(Buffer.from('so far\r\n'))
    await expect.poll(size).toBeGreaterThan(before)
    const seen = await opened(await pageOf(running.id), 'dark')
    await compare(seen.page, key)
    await eventually(() => verdict(seen.page).textContent()).toContain('Unfinished')
    await seen.close()
    await running.ended({ reason: 'closed', exitStatus: 0 })
  })

  test('is in the ledger, with what it says, before anything leaves; and nothing leaves where the ledger does not take it', async () => {
    const { facts } = JSON.parse(/id="told">(.*?)<\/script>/s.exec(html)?.[1] ?? '') as { facts: string }
    const noted = (await world.entries()).filter((e) => e.act === 'recording.viewed' && e.fields.session === terminal)
    expect(noted).toMatchObject([{ by: world.dave.id, fields: { how: 'html', facts: sha256(Buffer.from(facts)).toString('hex') } }])
    const audit: World['audit'] = { ...world.audit, note: async () => Promise.reject(new NotSequenced('not in time')) }
    await expect(exported(terminal, audit)).rejects.toThrow(NotSequenced)
  })

  test('has no key of the vault in it, and none that opens what is under the officers’ key', async () => {
    const { recording, segments } = JSON.parse(/id="told">(.*?)<\/script>/s.exec(html)?.[1] ?? '') as {
      recording: { id: string }
      segments: { key: string }[]
    }
    for (const what of ['data-key', 'unproven-input-key']) {
      const opened = must(await world.inside.context.vault.openState({ kind: 'recording', id: recording.id, what }, 'current'))
      const text = await opened.secret.use('seal', (bytes) => Buffer.from(bytes).toString('base64'))
      expect(html).not.toContain(text.slice(0, 40))
      expect(segments.map((s) => s.key)).not.toContain(text)
    }
  })

  test('of a recording that is too large for a browser is refused, with what to do instead', async () => {
    const live = await open()
    await live.ended({ reason: 'closed', exitStatus: 0 })
    const [row] = await world.sql('select id from recording where session_id = $1', [live.id])
    truncateSync(join(recordings, `${row.id}.clvr`), largestPage + 1)
    expect(await exported(live.id)).toMatchObject({ ok: false, error: { code: 'session.too_large_for_page', bytes: largestPage + 1 } })
    expect((await world.entries()).some((e) => e.act === 'recording.viewed' && e.fields.session === live.id)).toBe(false)
  })

  const forged = (change: (text: string) => string) => (of: { entries: { bytes: string; path: string[] }[] }) => {
    const last = of.entries.find((entry) => Buffer.from(entry.bytes, 'base64').includes('session.ended')) as { bytes: string }
    last.bytes = Buffer.from(change(Buffer.from(last.bytes, 'base64').toString())).toString('base64')
  }
  test.each<[string, () => string, RegExp]>([
    [
      'a word that it says of the session',
      () => told((of) => Object.assign(of, { facts: String(of.facts).replace('web01', 'web02') })),
      /says of the session/,
    ],
    ['the manifest', () => told(forged((text) => text.replace('\\"chunks\\":', '\\"chunks\\":1'))), /Entry ent_\w+ stands in that ledger/],
    ['a hash of a proof', () => told((of) => of.entries[0]?.path.splice(0, 1)), /Entry ent_\w+ stands in that ledger/],
    [
      'the key of a segment',
      () => told((of) => Object.assign(of, { segments: [{ segment: 1, key: Buffer.alloc(32).toString('base64') }] })),
      /Chunk 0 does not open.*Bytes \d+ to \d+/,
    ],
    [
      'the checkpoint',
      () => told((of) => Object.assign(of, { checkpoint: String(of.checkpoint).replace(/\n(\d+)\n/, '\n1$1\n') })),
      /checkpoint of the ledger is signed/,
    ],
    [
      'the checkpoint, signed anew by a key of somebody else’s',
      () => told((of) => void Object.assign(of, resigned(String(of.checkpoint), String(of.log)))),
      /manifest of the recording is signed by the same key/,
    ],
  ])('is red where somebody changed %s', async (_what, changed, says) => {
    const { page, close } = await opened(changed())
    await compare(page, key)
    await eventually(() => verdict(page).getAttribute('data-tone')).toBe('bad')
    expect(await verdict(page).textContent()).toMatch(says)
    await close()
  })

  test('is red where a byte of any block was changed, and names the range in which it is; cut back as well', async () => {
    const bytes = recordingIn(html)
    const blocks: number[] = []
    for (let at = 0; at < bytes.length; ) {
      blocks.push(at)
      at += bytes.toString('latin1', at, at + 4) === 'CLVC' ? 64 + bytes.readUInt32BE(at + 28) : 76 + bytes.readUInt16BE(at + 6) + 32
    }
    expect(blocks.length).toBeGreaterThan(3)
    for (const [n, from] of blocks.entries()) {
      const to = blocks[n + 1] ?? bytes.length
      const changed = Buffer.from(bytes)
      changed[to - 3] = (changed[to - 3] as number) ^ 1
      const { page, close } = await opened(withBytes(changed))
      expect(await verdict(page).getAttribute('data-tone')).toBe('bad')
      const [, named, until] = /Bytes (\d+) to (\d+) of the recording/.exec((await verdict(page).textContent()) ?? '') ?? []
      expect([
        Number(named) <= to - 3,
        Number(until) > to - 3,
        Number(named) >= (blocks[n - 1] ?? 0),
        Number(until) <= (blocks[n + 2] ?? bytes.length),
      ]).toEqual([true, true, true, true])
      if (n === 1) await shot(page, 'evidence-red')
      expect(from).toBeLessThan(to)
      await close()
    }
    const cut = await opened(withBytes(bytes.subarray(0, blocks.at(-1))))
    expect(await verdict(cut.page).textContent()).toMatch(/cut back/)
    await cut.close()
  })

  test('says that it was not verified where its program was changed, or may not run', async () => {
    const at = html.lastIndexOf('<script>') + '<script>'.length
    const { page, close } = await opened(`${html.slice(0, at)}document.title='owned';${html.slice(at)}`)
    expect(await page.locator('main').textContent()).toContain('Not verified')
    expect(await page.title()).not.toBe('owned')
    await close()
  })
})

/** The same checkpoint, under a key that somebody made who has the file. */
function resigned(checkpoint: string, log: string): { checkpoint: string; verifierKey: string } {
  const { signer, verifierKey } = makeSigner(log)
  const text = checkpoint.slice(0, checkpoint.lastIndexOf('\n\n') + 1)
  return { checkpoint: `${text}\n${signer(text)}\n`, verifierKey }
}

function makeSigner(log: string) {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const raw = Buffer.concat([Buffer.of(1), publicKey.export({ format: 'der', type: 'spki' }).subarray(-32)])
  const hash = sha256(Buffer.concat([Buffer.from(`${log}\n`), raw])).subarray(0, 4)
  return {
    verifierKey: `${log}+${hash.toString('hex')}+${raw.toString('base64')}`,
    signer: (text: string) => `— ${log} ${Buffer.concat([hash, sign(null, Buffer.from(text), privateKey)]).toString('base64')}`,
  }
}
