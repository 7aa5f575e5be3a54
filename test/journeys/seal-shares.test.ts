import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { call, identity } from '@claviger/api'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readShare, writeShare } from '../../server/src/keeper/seal/share-text.ts'
import { splitRoot } from '../../server/src/keeper/seal/split-root.ts'
import { randomSecretBytes } from '../../server/src/platform/crypto/random.ts'
import { type Claviger, cli, root, startClaviger } from '../support/claviger.ts'
import { closeSeal, give, makeSeal, openWith, sealStatus } from '../support/custodians.ts'
import { must } from '../support/person.ts'
import { runProgram } from '../support/process.ts'
import { findInMemory } from '../support/process-memory.ts'
import { keysOf } from '../support/sealed-keys.ts'
import { onTerminal } from '../support/terminal.ts'
import { until } from '../support/until.ts'

/*
 * The ceremony of a server in earnest: its seal is made at a terminal, three of five custodians open it, and whatever goes wrong at it has a
 * sentence of its own and gives nothing away.
 */

let claviger: Claviger
/** A set that was handed out first and lost: the one after it counts. */
let older: string[]
let shares: string[]

beforeAll(async () => {
  claviger = await startClaviger({ lab: false, env: { CLAVIGER_SEAL: 'shamir' }, wait: false })
})
afterAll(() => claviger?.stop())

const command = (...args: string[]) => [process.execPath, join(root, 'cli/src/main.ts'), ...args]
const onCli = (...args: string[]) =>
  onTerminal(command(...args), { env: { ...claviger.env, CLAVIGER_SERVER: claviger.base, CLAVIGER_CONFIG: join(claviger.work, 'cli') } })
/** A custodian's machine, which knows no server. */
const onLaptop = async (...args: string[]) => {
  const [file = '', ...rest] = command(...args)
  return await runProgram(file, rest, { seconds: 180, env: { ...claviger.env, CLAVIGER_SERVER: 'http://127.0.0.1:9' } })
}
const nothingOpens = async () => {
  expect(await claviger.ready()).toMatchObject({ status: 503, ok: false })
  const signIn = await call({ base: claviger.base }, identity.signIn, { body: { name: 'anna', password: 'a long enough pass phrase' } })
  expect(signIn).toMatchObject({ ok: false, status: 503, refusal: { code: 'keeper.sealed' } })
}
const given = async () => (await sealStatus(claviger)).shares?.given
const of = (index: number): string => shares[index] ?? ''
const letters = /clvs(?:-[0-9a-z]+)+/g

describe('making the seal', () => {
  test('is what everything waits for: until then nothing is kept and nobody comes in', async () => {
    await nothingOpens()
    expect(await sealStatus(claviger)).toMatchObject({ state: 'uninitialised', shares: null })
    expect(await give(claviger, 'clvs-00000')).toMatchObject({ ok: false, refusal: { code: 'seal.uninitialised' } })
  })

  test('may be done again until it was opened once', async () => {
    older = await makeSeal(claviger, 4, 2)
    expect(await sealStatus(claviger)).toMatchObject({ state: 'sealed', shares: { given: 0, threshold: 2, shares: 4 } })
  })

  test('gives shares that their custodians alone can open, each on a machine of their own', async () => {
    const folder = join(claviger.work, 'encrypted')
    const keyOf = async (name: string, ...kind: string[]) => {
      const key = await onLaptop('share', 'key', '--to', join(claviger.work, `${name}.key`), ...kind)
      return `${name}=${key.out.trim().split('\n')[0]}`
    }
    const [bob, carol] = [await keyOf('bob'), await keyOf('carol', '--p256')]
    const args = ['init', '--threshold', '2', '--custodian', bob, '--custodian', carol, '--out-dir', folder]
    expect(await cli(claviger, args)).toMatchObject({ status: 0 })
    const files = readdirSync(folder).toSorted()
    expect(files).toEqual([expect.stringMatching(/-1-bob\.age$/), expect.stringMatching(/-2-carol\.p256$/)])
    const opened = await Promise.all(
      ['bob', 'carol'].map(async (name, i) => {
        const file = join(folder, files[i] ?? '')
        expect(readFileSync(file, 'utf8')).toMatch(
          name === 'bob' ? /^-----BEGIN AGE ENCRYPTED FILE-----\n/ : /^-----BEGIN CLAVIGER P-256 FILE-----\n/,
        )
        const other = await onLaptop(
          'share',
          'open',
          file,
          '--identity',
          join(claviger.work, `${name === 'bob' ? 'carol' : 'bob'}.key`),
          '--stdout',
        )
        expect(other.status).not.toBe(0)
        expect(other.out).toBe('')
        return (await onLaptop('share', 'open', file, '--identity', join(claviger.work, `${name}.key`), '--stdout')).out.trim()
      }),
    )
    expect(opened.map((share) => readShare(Buffer.from(share)))).toMatchObject([{ ok: true }, { ok: true }])
    expect(must(await give(claviger, opened[0] ?? ''))).toMatchObject({ given: 1, threshold: 2 })
  })

  test('shows each share once, to its custodian, on a screen that keeps nothing', async () => {
    const terminal = onCli('init', '--shares', '5', '--threshold', '3')
    for (let i = 1; i <= 5; i++) {
      await terminal.shows(new RegExp(`Share ${i} of 5: is its custodian here`))
      // Enter means no: it is asked again, and the share is not shown yet
      if (i === 1) {
        terminal.type('\r')
        await terminal.shows(/Share 1 of 5: is its custodian here/)
        expect(terminal.screen()).not.toContain('clvs-')
      }
      terminal.type('y')
      await terminal.shows(/Written down, and compared/)
      if (i === 2) {
        terminal.type('\r')
        await terminal.shows(/Written down, and compared/)
      }
      terminal.type('y')
    }
    await terminal.shows(/3 of 5 shares open the server/)
    expect(await terminal.program.ended).toBe(0)
    const screen = terminal.screen()
    const other = /\u001b\[\?1049h.*?\u001b\[\?1049l/gs
    shares = screen.match(letters) ?? []
    expect(new Set(shares).size).toBe(5)
    expect(shares).toHaveLength(5)
    expect(screen.match(other)).toHaveLength(5)
    expect(screen.replace(other, '')).not.toContain('clvs-')
    for (const one of screen.match(other) ?? []) expect(one.endsWith('\u001b[2J\u001b[H\u001b[?1049l')).toBe(true)
  })

  test('that is broken off says what the shares so far are worth', async () => {
    const terminal = onCli('init', '--shares', '2', '--threshold', '2')
    await terminal.shows(/Share 1 of 2/)
    terminal.type('\u0003')
    await terminal.shows(/Stopped after 0 of 2 shares/)
    expect(await terminal.program.ended).toBe(1)
    expect(terminal.screen()).not.toContain('clvs-')
    // and the set that was whole is of an older one now: made anew, for the rest of this journey
    older = shares
    shares = await makeSeal(claviger, 5, 3)
  })
})

describe('a share', () => {
  test('that is not the right one is told why, in a sentence of its own, and does not count', async () => {
    const foreign = (await splitRoot(randomSecretBytes(32), 5, 3)).texts.toString('utf8').split('\n')[0] ?? ''
    const read = readShare(Buffer.from(of(1)))
    if (!read.ok) throw new Error(read.error)
    const forged = writeShare({ ...read.value, value: randomSecretBytes(33) }).toString('utf8')
    const flipped = `${of(2).slice(0, 20)}${of(2)[20] === 'x' ? 'y' : 'x'}${of(2).slice(21)}`
    const wrong: [string, string][] = [
      [older[0] ?? '', 'seal.share_older'],
      [foreign, 'seal.share_other_set'],
      [forged, 'seal.share_forged'],
      [flipped, 'seal.share_mistyped'],
      [of(2).slice(0, -3), 'seal.share_malformed'],
      ['let me in', 'seal.share_malformed'],
    ]
    const sentences = new Set<string>()
    for (const [share, code] of wrong) {
      const answer = await give(claviger, share)
      expect(answer).toMatchObject({ ok: false, refusal: { code } })
      if (answer.ok) continue
      sentences.add(answer.refusal.message)
      expect(answer.refusal.message).not.toMatch(/[0-9a-z]{5}-[0-9a-z]{5}/)
    }
    expect(sentences.size).toBe(5)
    expect(await given()).toBe(0)
  })

  test('is not repeated by whatever it was given to by mistake', async () => {
    const share = of(2)
    const answers = [
      await cli(claviger, ['unseal', share]),
      await cli(claviger, [share]),
      await cli(claviger, ['unseal', '--share-file', share]),
      await cli(claviger, ['unseal', '--share-file', '-', '--server', `http://${share}.invalid`], { input: `${share}\n` }),
    ].map((ran) => ran.said)
    const bodies = [`{"share": ${share}}`, `${share}`, JSON.stringify({ shares: share }), JSON.stringify({ share: { text: share } })]
    for (const body of bodies) {
      const response = await fetch(`${claviger.base}/api/seal/unseal`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
      })
      expect(response.status).toBe(400)
      answers.push(await response.text())
    }
    answers.push(await (await fetch(`${claviger.base}/api/seal/unseal/${share}`)).text())
    for (const said of answers) {
      expect(said).not.toBe('')
      for (const group of share.split('-').slice(1, -1)) expect(said).not.toContain(group)
    }
    expect(await given()).toBe(0)
  })

  test('counts in any case, with spaces or without hyphens; the same one twice counts once, and two of three open nothing', async () => {
    expect(await give(claviger, of(0).toUpperCase().replaceAll('-', ' '))).toMatchObject({ ok: true, value: { given: 1, open: false } })
    expect(await give(claviger, of(0))).toMatchObject({ ok: false, refusal: { code: 'seal.share_duplicate' } })
    expect(await give(claviger, of(3).replaceAll('-', ''))).toMatchObject({ ok: true, value: { given: 2, open: false } })
    expect(await given()).toBe(2)
    await nothingOpens()
  })

  test('is forgotten when the keeper dies before the last one came', async () => {
    process.kill(claviger.pid('keeper'), 'SIGKILL')
    await until('the keeper to be back without shares', async () => (await given().catch(() => undefined)) === 0)
    expect(await give(claviger, of(4))).toMatchObject({ ok: true, value: { given: 1, open: false } })
    await nothingOpens()
  })

  test('is forgotten when the whole server dies', async () => {
    expect(await give(claviger, of(1))).toMatchObject({ ok: true, value: { given: 2, open: false } })
    await claviger.killSupervisor()
    await claviger.again({ wait: false })
    expect(await given()).toBe(0)
    await nothingOpens()
  })
})

describe('three of five', () => {
  test('open it, from a terminal on which nothing of a share is seen, from files and pipes, and without a restart', async () => {
    const before = claviger.supervisor()
    const terminal = onCli('unseal')
    await terminal.shows(/Share of set/)
    terminal.type(`${of(4)}\r`)
    await terminal.shows(/1 of 3 shares/)
    expect(await terminal.program.ended).toBe(0)
    const groups = of(4).split('-').slice(1)
    for (const group of groups) expect(terminal.screen()).not.toContain(group)

    const file = join(claviger.work, 'share')
    writeFileSync(file, `${of(0)}\n`, { mode: 0o600 })
    expect(await cli(claviger, ['unseal', '--share-file', file])).toMatchObject({ status: 0 })
    rmSync(file)
    const last = await cli(claviger, ['unseal', '--share-file', '-'], { input: `${of(2)}\n` })
    expect(last).toMatchObject({ status: 0, out: 'The seal is open.\n' })
    await claviger.untilReady()
    expect(claviger.supervisor()).toBe(before)
    expect(await sealStatus(claviger)).toMatchObject({ state: 'open' })
  })

  test('left what happened at the seal in the ledger, with numbers and codes and no share', async () => {
    const db = await claviger.superuser()
    const rows = await until('the notes to be entered', async () => {
      const found = await db.sql<{ text: string }>("select convert_from(bytes, 'SQL_ASCII') as text from ledger_entry order by place")
      return found.some((r) => r.text.includes('seal.unsealed')) && found
    })
    await db.close()
    const acts = rows.map((r) => /"act":"(seal\.[a-z_]+)"/.exec(r.text)?.[1]).filter((act) => act !== undefined)
    const count = (act: string) => acts.filter((a) => a === act).length
    expect([count('seal.initialised'), count('seal.share_given'), count('seal.unsealed')]).toEqual([5, 8, 1])
    expect(count('seal.share_refused')).toBe(7)
  })

  test('make the seal for good: it is not made anew over what is open or was', async () => {
    await expect(makeSeal(claviger, 3, 2)).rejects.toThrow('seal.initialised')
  })
})

describe('closing it', () => {
  test('takes every key out of the memory of every process', async () => {
    const keys = await keysOf(claviger.data, [of(0), of(1), of(2)])
    const parts = ['keeper', 'api', 'gateway'] as const
    const held = () => parts.map((part) => [part, Object.entries(findInMemory(claviger.pid(part), keys)).filter(([, n]) => n > 0)] as const)
    // the search finds what is there
    const open = Object.fromEntries(held().map(([part, found]) => [part, found.map(([name]) => name)]))
    expect(open.keeper).toEqual(expect.arrayContaining(['system', 'standard', 'recordings', 'officers', 'signer']))
    expect(open.api).toEqual(expect.arrayContaining(['claviger/entry/v1/api', 'claviger/role/v1/api']))
    expect(open.gateway).not.toContain('system')

    await closeSeal(claviger)
    await nothingOpens()
    await until(
      () => `no key to be left, where there is ${JSON.stringify(held())}`,
      () => held().every(([, found]) => found.length === 0),
      120,
    )
  })

  test('is undone by three others of the five', async () => {
    await openWith(claviger, [of(1), of(3), of(4)])
  })
})

test('no share is anywhere on the disk or in what the server said', async () => {
  await claviger.halt()
  const all = [...older, ...shares].flatMap((share) => [share, share.replaceAll('-', '').slice(4), share.slice(10, 34)])
  const patterns = join(claviger.work, 'patterns')
  writeFileSync(patterns, `${all.join('\n')}\n`, { mode: 0o600 })
  const found = await runProgram('grep', ['-rliaF', '-f', patterns, claviger.data], { seconds: 280 })
  expect(found).toMatchObject({ status: 1, out: '' })
  for (const text of all) expect(claviger.said().toLowerCase()).not.toContain(text)
})
