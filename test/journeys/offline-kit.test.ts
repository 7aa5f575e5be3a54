import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { audit, breakGlass, call, inventory } from '@claviger/api'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { writeSignIn } from '../../cli/src/kit/sign-in.ts'
import { startOrdersDb } from '../../lab/orders-db/index.ts'
import { startWeb01 } from '../../lab/web01/index.ts'
import { removeLater } from '../../server/src/platform/process/remove-later.fixture.ts'
import { type Claviger, cli, root, startClaviger } from '../support/claviger.ts'
import { invite, must, type Person, withCode } from '../support/person.ts'
import { freePorts } from '../support/ports.ts'
import { runProgram } from '../support/process.ts'
import { onTerminal } from '../support/terminal.ts'
import { until } from '../support/until.ts'
import { entries } from '../support/work.ts'

/*
 * The night on which Claviger and its database are gone: two custodians, a kit, and targets that go on without it. Afterwards everything comes back.
 */

let claviger: Claviger
let carol: Person
let adam: Person
let roads: Server
const heard: Record<string, unknown>[] = []
const stops: (() => Promise<void>)[] = []
const asRoot = process.getuid?.() === 0
const work = (...names: string[]) => join(claviger.work, ...names)
const kitFile = () => work('drawer', 'claviger.kit')
const key = (name: string) => work(`${name}.key`)
const node = (...args: string[]) => [process.execPath, join(root, 'cli/src/main.ts'), ...args]

/** Where the kits go has to be known before the server starts. */
let shelf: string

beforeAll(async () => {
  roads = createServer((request, response) => {
    let body = ''
    request.on('data', (bytes) => {
      body += bytes
    })
    request.on('end', () => {
      heard.push(JSON.parse(body))
      response.end()
    })
  }).listen(0, '127.0.0.1')
  await until('the webhook', () => roads.listening)
  const [nobody = 0] = await freePorts(1)
  const outside = mkdtempSync(join(tmpdir(), 'claviger-kits-'))
  stops.push(async () => removeLater(outside))
  const file = join(outside, 'roads.json')
  shelf = join(outside, 'shelf')
  writeFileSync(
    file,
    JSON.stringify({
      webhooks: [`http://127.0.0.1:${(roads.address() as AddressInfo).port}/hook`],
      mail: [{ host: '127.0.0.1', port: nobody, from: 'claviger@example.org', to: ['soc@example.org'] }],
      phoneTree: '1. Olaf, the officer on duty',
    }),
  )
  // the process of the api writes there, under a user of its own
  mkdirSync(shelf)
  chmodSync(outside, 0o711)
  chmodSync(shelf, 0o777)
  claviger = await startClaviger({ lab: true, env: { CLAVIGER_KIT_ROADS: file, CLAVIGER_KIT_FOLDER: shelf } })
  carol = await claviger.person('carol')
  adam = await invite(claviger, carol, 'adam', ['administrators'])
  await addTargets()
})
afterAll(async () => {
  await claviger?.stop()
  for (const stop of stops) await stop()
  roads?.close()
})

/** A command as somebody who is signed in on a machine of their own, with a fresh code where one is asked. */
async function as(person: Person, ...args: string[]) {
  const folder = work(`${person.name}-cli`)
  writeSignIn(folder, {
    server: claviger.base,
    name: person.name,
    token: person.token,
    expiresAt: new Date(Date.now() + 3600_000).toISOString(),
  })
  for (let tries = 0; ; tries++) {
    const input = args.includes('--code-file') ? `${await person.code()}\n` : ''
    const done = await cli(claviger, args, { input, env: { CLAVIGER_CONFIG: folder } })
    if (!/factor.code_used|used already/.test(done.said) || tries === 2) return done
  }
}

/** On a laptop that never heard of any server. */
const onLaptop = (...args: string[]) => {
  const [file = '', ...rest] = node(...args)
  return runProgram(file, rest, { seconds: 240, env: laptop() })
}
const laptop = () => ({
  ...claviger.env,
  CLAVIGER_DATA: work('no-data'),
  CLAVIGER_SERVER: 'http://127.0.0.1:9',
  CLAVIGER_CONFIG: work('laptop'),
})
const openKit = (...args: string[]) =>
  onLaptop('breakglass', 'open', kitFile(), '--identity', key('bob'), '--identity', key('dan'), '--recordings', work('drawer'), ...args)
const recordings = () => readdirSync(work('drawer')).filter((name) => name.endsWith('.recording'))

/** Targets of ours, which go on when the server and its lab stop. */
async function addTargets(): Promise<void> {
  const [database = 0, ssh = 0] = await freePorts(2)
  const folder = work('away')
  mkdirSync(folder, { mode: 0o711 })
  const ids = asRoot ? { uid: 64820, gid: 64820 } : {}
  const db = await startOrdersDb({
    folder: join(folder, 'orders'),
    port: database,
    ...ids,
    log: () => undefined,
    binaries: join(folder, 'bin'),
  })
  if (!db.ok) throw new Error(db.error.code)
  stops.push(db.value.stop)
  const host = await startWeb01({ folder: join(folder, 'web01'), port: ssh, log: () => undefined })
  if (!host.ok) throw new Error(host.error.say)
  stops.push(host.value.stop)
  const web = {
    host: host.value.host,
    port: host.value.port,
    ...(host.value.authorizedKeysFile && { authorizedKeysFile: host.value.authorizedKeysFile }),
  }
  const pinned = must(await call(adam.api, inventory.identifyTarget, { body: { kind: 'linux-ssh', settings: web } }))
  const [first] = host.value.accounts
  const login =
    first?.password === undefined
      ? { kind: 'ssh-key' as const, secret: readFileSync(first?.privateKeyFile ?? '', 'utf8') }
      : { kind: 'password' as const, secret: first.password }
  const secret = db.value.accounts.find((a) => a.name === 'postgres')?.password ?? ''
  const common = { environment: 'lab' as const, tier: 1 }
  // each code of one person waits for the next: two people are done in half the time
  const addDb = withCode(carol.code, (code) =>
    call(carol.api, inventory.addTarget, {
      body: {
        ...common,
        code,
        name: 'away-db',
        kind: 'postgres',
        settings: db.value.settings,
        identity: { ...db.value.identity },
        login: { account: 'postgres', kind: 'password', secret },
      },
    }),
  )
  const addWeb = withCode(adam.code, (code) =>
    call(adam.api, inventory.addTarget, {
      body: {
        ...common,
        code,
        name: 'away-web',
        kind: 'linux-ssh',
        settings: web,
        identity: pinned.identity,
        login: { account: first?.name ?? '', ...login },
      },
    }),
  )
  await Promise.all([addDb, addWeb])
}

/** What is in the location now, once every rotation that was ordered is done. */
const inLocation = async () => must(await call(carol.api, breakGlass.breakglass))
const versionOf = async (account: string) =>
  (await inLocation()).accounts.find((a) => `${a.name}@${a.target}` === account)?.versions[0]?.version ?? 0

describe('the kit', () => {
  test('is made ready: custodians have keys, an administrator brings the key of the location, an officer confirms it', async () => {
    const named = []
    for (const name of ['bob', 'carol', 'dan'])
      named.push('--custodian', `${name}=${(await onLaptop('share', 'key', '--to', key(name))).out.trim()}`)
    const brought = await as(adam, 'breakglass', 'init', '--threshold', '2', ...named, '--code-file', '-')
    expect(brought).toMatchObject({ status: 0 })
    const confirmed = await as(carol, 'breakglass', 'confirm', '--code-file', '-')
    expect(confirmed).toMatchObject({ status: 0 })
  })

  test('holds accounts that are marked, once they were rotated to it', async () => {
    const marked: [Person, string][] = [[adam, 'app_admin@away-db'], ...(asRoot ? [[carol, 'deploy@away-web'] as [Person, string]] : [])]
    await Promise.all(
      marked.map(async ([person, account]) => {
        expect(await as(person, 'breakglass', 'mark', account, '--code-file', '-')).toMatchObject({ status: 0 })
        await until(`${account} to lie in the location`, async () => (await versionOf(account)) > 0, 150)
      }),
    )
  })

  test('is not needed while the server is up: two people and two custodians rehearse that by command', async () => {
    const before = await versionOf('app_admin@away-db')
    const asked = await as(adam, 'breakglass', 'drill', 'app_admin@away-db', '--code-file', '-', '--json')
    const { id } = JSON.parse(asked.out).activation
    expect(await as(carol, 'breakglass', 'approve', id, '--code-file', '-')).toMatchObject({ status: 0 })
    const share = (name: string) => as(carol, 'breakglass', 'share', id, '--identity', key(name), '--yes')
    expect((await share('bob')).said).toMatch(/1 of 2\. The others have 10 minutes/)
    expect((await share('bob')).said).toMatch(/gave their share already/)
    expect((await share('dan')).said).toMatch(/It is open, and was tried/)
    const shown = await as(carol, 'breakglass', 'activations', id)
    expect(shown.out).toMatch(/password v\d+: logs in/)
    expect(shown.out).not.toMatch(/FAILED|overdue/)
    await until('the rotation after it', async () => (await versionOf('app_admin@away-db')) > before, 150)
  })

  test('is made by an officer, too, and by the server after each rotation', async () => {
    await until(
      'a kit on the shelf that is good',
      async () => readdirSync(shelf).includes('claviger.kit') && (await inLocation()).kits[0]?.stale.length === 0,
      150,
    )
    mkdirSync(work('drawer'))
    expect(await as(carol, 'breakglass', 'kit', '--to', kitFile())).toMatchObject({ status: 0 })
    // nobody asks for it: the answer says who opens it
    const asked = await as(await claviger.person('alice'), 'request', 'app_admin@away-db', '--for', '30m', '--reason', 'to see')
    expect(asked.said).toMatch(/no grant opens it/)
    expect(asked.status).not.toBe(0)
  })
})

describe('while Claviger and its database are down', () => {
  beforeAll(async () => {
    await claviger.halt()
  })

  test('one custodian alone opens nothing, nor does a stranger', async () => {
    const alone = await onLaptop('breakglass', 'open', kitFile(), '--identity', key('bob'), '--account', 'app_admin@away-db')
    expect(alone.status).not.toBe(0)
    expect(alone.said).toMatch(/1 of 2 custodians/)
    await onLaptop('share', 'key', '--to', key('mallory'))
    const stranger = await onLaptop('breakglass', 'open', kitFile(), '--identity', key('bob'), '--identity', key('mallory'))
    expect(stranger.said).toMatch(/not the key of a custodian/)
    expect(heard).toEqual([])
  })

  test('a kit that was changed is refused before anything in it is used', async () => {
    const [line = '', signature] = readFileSync(kitFile(), 'utf8').split('\n')
    const head = JSON.parse(line)
    const changed = work('changed.kit')
    writeFileSync(changed, `${JSON.stringify({ ...head, madeAt: new Date().toISOString() })}\n${signature}\n`)
    const refused = await onLaptop('breakglass', 'open', changed, '--identity', key('bob'), '--identity', key('dan'))
    expect(refused.said).toMatch(/changed, or made by somebody else/)
    expect(heard).toEqual([])
  })

  test('two get into the database with psql at a terminal; who can be told is told, and what cannot is said', async () => {
    const command = node(
      'breakglass',
      'open',
      kitFile(),
      '--identity',
      key('bob'),
      '--identity',
      key('dan'),
      '--recordings',
      work('drawer'),
    )
    const terminal = onTerminal([...command, '--account', 'app_admin@away-db'], { env: { ...laptop(), PAGER: 'cat' } })
    await terminal.shows(/Told: webhook/)
    await terminal.shows(/orders=[>#]/, 120)
    terminal.type("select current_user || ' was here' as who;\r")
    await terminal.shows(/app_admin was here/)
    terminal.type('\\q\r')
    await terminal.shows(/breakglass adopt/)
    expect(await terminal.program.ended).toBe(0)
    expect(terminal.screen()).toMatch(/NOT told: mail to soc@example.org/)
    expect(heard).toMatchObject([{ custodians: ['bob', 'dan'], text: expect.stringContaining('was opened by bob and dan') }])
    expect(recordings()).toHaveLength(1)
    expect(readFileSync(work('drawer', recordings()[0] ?? ''), 'utf8')).not.toContain('was here')
  })

  // as a normal user the lab's host has one account, which manages it
  if (asRoot)
    test('and into the host with ssh, whose pinned host key is demanded', async () => {
      const done = await openKit('--account', 'deploy@away-web', '--', 'id -un')
      expect(done.out).toMatch(/deploy/)
      expect(done.status).toBe(0)
    })
})

describe('when the server is back', () => {
  let before: number
  beforeAll(async () => {
    await claviger.again()
    carol = await claviger.person('carol')
    before = await versionOf('app_admin@away-db')
  })

  test('the recording is brought back, once and whole, and one that was changed is not', async () => {
    const file = work('drawer', recordings().find((name) => name.includes('away-db')) ?? '')
    const lines = readFileSync(file, 'utf8').split('\n')
    const cut = work('cut.recording')
    writeFileSync(cut, [...lines.slice(0, 2), ...lines.slice(3)].join('\n'))
    expect((await as(carol, 'breakglass', 'adopt', cut)).said).toMatch(/does not hold together from line 3 on/)
    expect(await as(carol, 'breakglass', 'adopt', file)).toMatchObject({ status: 0 })
    expect((await as(carol, 'breakglass', 'adopt', file)).said).toMatch(/brought back already/)
    const [adopted] = (await inLocation()).recordings
    expect(adopted).toMatchObject({ account: 'app_admin@away-db', custodians: ['bob', 'dan'], whole: true })
    expect((await as(carol, 'breakglass', 'recording', adopted?.id ?? '')).out).toMatch(/app_admin was here/)
    const { alarms } = must(await call(carol.api, audit.alarms, { query: {} }))
    expect(alarms.filter((a) => a.act === 'alarm.kit_opened')).toHaveLength(1)
    expect((await entries(carol, 'breakglass.recording_adopted')).length).toBe(1)
  })

  test('the account is rotated, and the kit on the shelf is made anew', async () => {
    await until('the rotation', async () => (await versionOf('app_admin@away-db')) > before, 150)
    await until('a new kit', async () => (await inLocation()).kits[0]?.stale.length === 0, 150)
    const old = await openKit('--account', 'app_admin@away-db', '--', '-c', 'select 1')
    expect(old.status).not.toBe(0)
    expect(old.said).toMatch(/password authentication failed/)
    const fresh = [
      'breakglass',
      'open',
      join(shelf, 'claviger.kit'),
      '--identity',
      key('carol'),
      '--identity',
      key('dan'),
      '--recordings',
      work('drawer'),
    ]
    const again = await onLaptop(...fresh, '--account', 'app_admin@away-db', '--', '-Atc', "select 'in again'")
    expect(again.out).toMatch(/in again/)
  })
})
