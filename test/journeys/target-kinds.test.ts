import { writeFileSync } from 'node:fs'
import { type AddressInfo, connect, createServer } from 'node:net'
import { join } from 'node:path'
import { access, call, type inventory, policy, session } from '@claviger/api'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createDialer } from '../../server/src/platform/dialer/index.ts'
import { activeDirectoryHarness } from '../../server/src/targets/active-directory/test/harness.ts'
import { linuxSshHarness } from '../../server/src/targets/linux-ssh/test/harness.ts'
import { mysqlHarness } from '../../server/src/targets/mysql/test/harness.ts'
import { openldapHarness } from '../../server/src/targets/openldap/test/harness.ts'
import { redisHarness } from '../../server/src/targets/redis/test/harness.ts'
import type { Known, RunningTarget } from '../../server/src/targets/test/harness.ts'
import { type Claviger, cli, startClaviger } from '../support/claviger.ts'
import { addTarget } from '../support/own-target.ts'
import { invite, must, type Person, withCode } from '../support/person.ts'
import { freePorts } from '../support/ports.ts'
import { runProgram } from '../support/process.ts'
import { ssh, startSsh } from '../support/ssh.ts'
import { until } from '../support/until.ts'
import { accounts, entries, grant, takeOver } from '../support/work.ts'

/*
 * A target of each kind beside the lab's, through the whole product and by the command line: who it says it is, added, searched,
 * an account taken over and rotated again. In the end only the vault knows what opens it.
 */

let claviger: Claviger
let carol: Person

beforeAll(async () => {
  claviger = await startClaviger({ lab: true })
  carol = await claviger.person('carol')
  await asCarol('login', '--name', 'carol', '--password-file', '-', '--code-file', '-')
})
afterAll(() => claviger?.stop())

/** A command of carol's; a code is given on standard input where one is asked, behind the password where that is. */
async function asCarol(...args: string[]): Promise<Record<string, unknown>> {
  const asks = { '--password-file': carol.password, '--code-file': args.includes('--code-file') ? await carol.code() : '' }
  const input = Object.entries(asks).flatMap(([flag, answer]) => (args.includes(flag) ? [`${answer}\n`] : []))
  const ran = await cli(claviger, [...args, '--json'], { input: input.join('') })
  expect(ran, args.join(' ')).toMatchObject({ status: 0 })
  return ran.out.trim() === '' ? {} : (JSON.parse(ran.out) as Record<string, unknown>)
}

describe('accounts that are reached by SSH certificate', () => {
  let alice: Person
  const host = 'web01'
  const certified = async () => (await entries(carol, 'ssh.certificate_issued')).map(({ fields }) => fields.authority)
  const logsIn = async () => expect((await ssh(claviger, alice, `deploy@${host}`, 'id -un')).out).toBe('deploy\n')

  test('a person logs in through the gateway with ssh, and the target lets in by the certificate of the session', async () => {
    alice = await claviger.person('alice')
    await takeOver(claviger, [`deploy@${host}`])
    await asCarol('ssh-ca', 'trust', host)
    await asCarol('accounts', 'change', `deploy@${host}`, '--login', 'certificate', '--code-file', '-')
    await grant(alice, await claviger.person('bob'), `deploy@${host}`)
    await logsIn()
    expect(await certified()).toEqual([1])
  })

  test('the key of the authority is replaced, though the server is killed meanwhile, and the same person logs in by the new one', async () => {
    await asCarol('ssh-ca', 'rotate', '--detach', '--code-file', '-')
    await claviger.killSupervisor()
    await claviger.again()
    const step = async () => ((await asCarol('ssh-ca')) as { rotation: { step: string } }).rotation.step
    await until('the replacement to be done', async () => (await step()) === 'done', 150)
    await logsIn()
    expect((await certified()).sort()).toEqual([1, 2])
    const acts = ['ssh.rotation_begun', 'ssh.authority_replaced', 'ssh.rotation_done', 'ssh.authority_destroyed']
    for (const act of acts) await until(act, async () => (await entries(carol, act)).length > 0)
    for (const act of acts) expect(await entries(carol, act), act).toHaveLength(1)
  })
})

// a domain takes the password before for an hour, and none earlier: there each account is rotated once more
const tried = [
  { harness: mysqlHarness },
  { harness: redisHarness('aclfile') },
  { harness: openldapHarness('ldaps') },
  { harness: activeDirectoryHarness, takesPrevious: true },
]

describe.each(tried.map((one) => ({ takesPrevious: false, ...one, kind: one.harness.kind.name })))(
  'a target of kind $kind',
  ({ kind, harness, takesPrevious }) => {
    let server: RunningTarget
    let initial: Known
    const target = `the-${kind}`
    beforeAll(async () => {
      server = await harness.start()
      initial = server.fresh()
      await server.addAccount('ops', initial())
    })
    afterAll(() => server?.stop())

    test('says what it can do and what a form needs to know', async () => {
      const { kinds } = (await asCarol('targets', 'kinds')) as { kinds: inventory.Kind[] }
      const mine = kinds.find(({ name }) => name === kind)
      expect(mine?.capabilities).toEqual(expect.arrayContaining(['discover', 'rotate', 'verify', 'disable', 'create', 'remove']))
      expect(mine?.settings.map(({ name }) => name)).toEqual(expect.arrayContaining(['host', 'port', 'ca']))
      for (const setting of mine?.settings ?? []) expect(setting.about).not.toBe('')
    })

    test('is added by what it proves, searched, taken over and rotated; the old credential opens nothing', async () => {
      const { account, credential } = server.manager()
      const secret = join(claviger.work, `${kind}.secret`)
      await credential.secret.use('recognise', (bytes) => writeFileSync(secret, bytes, { mode: 0o600 }))
      const settings = Object.entries(server.settings).flatMap(([name, value]) => ['--set', `${name}=${value}`])
      const pins = Object.entries(server.identity).flatMap(([name, value]) => ['--pin', `${name}=${value}`])
      await asCarol(
        ...['targets', 'add', target, '--kind', kind, '--environment', 'lab', '--tier', '2'],
        ...settings,
        ...pins,
        ...['--login', account, '--secret-file', secret, '--code-file', '-'],
      )
      await asCarol('targets', 'discover', target)
      const found = (await asCarol('accounts', '--target', target)) as { accounts: inventory.Account[] }
      expect(found.accounts.map(({ name }) => name)).toEqual(expect.arrayContaining([account, 'ops']))

      for (const [name, version] of [
        ['ops', 1],
        [account, 2], // its first version is what it was added with
        ['ops', 2],
        ...(takesPrevious ? ([[account, 3]] as const) : []),
      ] as const) {
        await asCarol('rotate', `${name}@${target}`)
        // whoever attempts it, the answer may come before it is done
        const held = await until(`version ${version} of ${name}`, async () => {
          const held = (await accounts(claviger)).find((one) => one.name === name && one.target.name === target)
          return held?.credentials.find((one) => one.version === version && one.verifiedAt !== null)
        })
        expect(held).toMatchObject({ kind: 'password' })
      }
      const opened = harness.kind.open(server.settings, createDialer({ allow: [{ cidr: '127.0.0.1' }], ownListeners: [], lab: true }))
      if (!opened.ok) throw new Error(opened.error.code)
      for (const login of [server.manager(), { account: 'ops', credential: initial() }])
        expect(await opened.value.verify(server.identity, login)).toMatchObject({ ok: false, error: { code: 'target.login_refused' } })
    })

    if (harness.kind.wire === 'mysql')
      test('is reached through its gateway with the client of the house, and what was asked there can be read', async () => {
        const alice = await claviger.person('alice')
        // in the lab's environment nobody has to approve tier 2
        const body = { account: `ops@${target}`, duration: '30m', reason: 'a journey' }
        const { grant: granted } = must(await call(alice.api, access.fileRequest, { body }))
        if (!granted) throw new Error('there is no grant')
        const { ticket, user, host, port } = must(await call(alice.api, session.issueTicket, { params: { id: granted.id } }))
        const ca = join(claviger.work, 'gateway-ca.pem')
        writeFileSync(ca, await (await fetch(`${claviger.base}/api/gateway-ca.pem`)).text())
        const mariadb = (name: string, password: string) =>
          runProgram(
            'mariadb',
            ['--no-defaults', '-h', host, '-P', `${port}`, '-u', name, `--ssl-ca=${ca}`, '--ssl-verify-server-cert', '-N', '-e'].concat(
              `select 6 * 7; select 'very secret indeed' as password`,
            ),
            { env: { PATH: process.env.PATH, MYSQL_PWD: password }, seconds: 180 },
          )
        const ran = await mariadb(user, ticket)
        expect(ran.said).toContain('42')
        expect(ran.status).toBe(0)
        const ended = await until(
          'the session to be settled',
          async () => must(await call(carol.api, session.sessions, { query: { limit: 1 } })).sessions.find((one) => one.endedAt),
          60,
        )
        expect(ended).toMatchObject({ kind: 'sql', door: 'mysql', account: 'ops', target })
        const { statements } = must(await call(carol.api, session.sessionStatements, { params: { id: ended.id }, query: {} }))
        expect(statements.map(({ sql, rows }) => [sql, rows])).toEqual([
          ['select 6 * 7', 1],
          ["select '[masked]' as password", 1],
        ])
        // for another account the ticket is worth nothing
        expect((await mariadb(`alice@${server.manager().account}@${target}`, ticket)).said).toMatch(
          /This connection ticket is for alice@ops@/,
        )
      })
  },
)

describe('connections that are forwarded', () => {
  const service = createServer((socket) => socket.on('error', () => {}).on('data', (bytes) => socket.end(bytes.toString().toUpperCase())))
  const at = 'ops@build01'
  let server: RunningTarget
  let alice: Person
  const port = () => (service.address() as AddressInfo).port
  beforeAll(async () => {
    await new Promise<void>((listening) => service.listen(0, '127.0.0.1', listening))
    server = await linuxSshHarness.start()
    alice = await claviger.person('alice')
    const target = await addTarget(claviger, linuxSshHarness, server, { name: 'build01' })
    await target.account('ops')
    // in the lab's environment nobody has to approve tier 2
    const asked = must(await call(alice.api, access.fileRequest, { body: { account: at, duration: '1h', reason: 'a journey' } }))
    expect(asked.grant).not.toBeNull()
  })
  afterAll(async () => {
    service.close()
    await server?.stop()
  })

  const forwarding = (...options: string[]) =>
    startSsh(claviger, alice, at, { options: ['-N', '-o', 'ExitOnForwardFailure=yes', ...options], seconds: 280 })
  /** What the service says to `hello`, once somebody listens; `before` is said and answered first. */
  const hello = (to: number, before: readonly Buffer[] = []) =>
    until(`an answer at ${to}`, async () => {
      const socket = connect(to, '127.0.0.1')
      const said = await new Promise<string>((resolve) => {
        const says = [...before, Buffer.from('hello')]
        const next = () => void (says.length > 0 && socket.write(says.shift() as Buffer))
        let heard = ''
        socket.on('connect', next).on('data', (bytes) => {
          heard += bytes.toString('latin1')
          next()
        })
        socket.on('error', () => {}).on('close', () => resolve(heard))
      })
      return said || undefined
    })
  const sessions = async () => must(await call(carol.api, session.sessions, { query: { limit: 20 } })).sessions
  const newest = async (kind: session.Session['kind']) => {
    const found = (await sessions()).find((one) => one.kind === kind)
    if (!found) throw new Error(`there is no session of kind ${kind}`)
    return found.id
  }
  const settled = (id: string) =>
    until('the session to be settled', async () => (await sessions()).find((one) => one.id === id && one.endedAt !== null))
  const listed = async (id: string) => ((await asCarol('sessions', 'forwards', id)) as { forwards: session.Forward[] }).forwards
  const noted = async (act: string, id: string) => (await entries(carol, act)).filter(({ fields }) => fields.session === id)
  /** Waits until so many connections of the newest session are over, as the ledger has it. */
  const carried = (count: number) =>
    until('its connections to be over', async () => (await noted('session.forwarded', await newest('forward'))).length >= count)

  test('pass on a host of a laboratory, locally and dynamically, and each is in the ledger with where to and how much', async () => {
    const [local = 0, socks = 0] = await freePorts(2)
    const program = await forwarding('-L', `127.0.0.1:${local}:127.0.0.1:${port()}`, '-D', `127.0.0.1:${socks}`)
    expect(await hello(local)).toBe('HELLO')
    // SOCKS 5 (RFC 1928): no authentication, connect to an address
    const to = Buffer.from([5, 1, 0, 1, 127, 0, 0, 1, port() >> 8, port() & 255])
    expect(await hello(socks, [Buffer.from([5, 1, 0]), to])).toMatch(/HELLO$/)
    // who is killed with one that is being closed leaves it cut
    await carried(2)
    program.kill()
    await program.ended
    const { id } = await settled(await newest('forward'))
    const each = { direction: 'local', host: '127.0.0.1', port: port(), sent: 5, received: 5, outcome: 'closed' }
    expect(await listed(id)).toMatchObject([
      { n: 1, ...each },
      { n: 2, ...each },
    ])
    const begun = await noted('session.forwarding', id)
    expect(begun).toMatchObject([{ phase: 'intent' }, { phase: 'intent' }])
    const over = await noted('session.forwarded', id)
    expect(over.map(({ fields }) => fields.n).sort()).toEqual([1, 2])
    for (const { fields } of over) expect(fields).toMatchObject({ sent: 5, received: 5, outcome: 'closed' })
  })

  test('pass back from the target only since a policy lets them, and a session that it looks at now ends for it', async () => {
    const [back = 0] = await freePorts(1)
    const way = ['-R', `127.0.0.1:${back}:127.0.0.1:${port()}`]
    const refused = await forwarding(...way)
    expect(await refused.ended).not.toBe(0)
    expect(refused.said()).toMatch(/remote port forwarding failed/)
    const refusals = async () => (await entries(carol, 'session.act_refused')).filter(({ fields }) => fields.action === 'forward')
    await until('the refusal in the ledger', async () => (await refusals()).length > 0)
    expect(await refusals()).toHaveLength(1)

    // nothing is said of files when it begins
    const open = await startSsh(claviger, alice, at, { options: ['-s'], command: 'sftp', seconds: 290 })
    await open.shows(/session is recorded/i)
    const files = await until('a session of files', async () => await newest('files').catch(() => undefined))

    const adam = await invite(claviger, carol, 'adam', ['administrators'])
    const policies = [
      {
        name: 'way-back',
        text: `@act("allow") permit (principal in Group::"engineers", action == Action::"forward", resource in Environment::"lab") when { context.direction == "remote" };`,
      },
      {
        name: 'no-keys-taken',
        text: `@floor("Keys stay where they are. Ask an administrator.") forbid (principal, action == Action::"transfer", resource in Environment::"lab") when { context.path like "*.pem" };`,
      },
    ]
    const { id } = await withCode(carol.code, (code) =>
      call(carol.api, policy.proposePolicies, { body: { policies, reason: 'a journey', code } }),
    )
    await withCode(adam.code, (code) => call(adam.api, policy.approvePolicies, { params: { id }, body: { code } }))
    await open.ended
    expect(open.said()).toMatch(/policies were changed and look at what is done here/)
    expect(await settled(files)).toMatchObject({ endReason: 'policy_changed' })

    const program = await forwarding(...way)
    expect(await hello(back)).toBe('HELLO')
    await carried(1)
    program.kill()
    await program.ended
    const over = await settled(await newest('forward'))
    const each = { direction: 'remote', outcome: 'closed' }
    expect(await listed(over.id)).toMatchObject([
      { n: 1, ...each, from: 'the target listens', port: back },
      { n: 2, ...each, sent: 5, received: 5 },
    ])
    expect(await refusals()).toHaveLength(1)
  })

  test('pass no longer when the host is in production, and a sentence says why', async () => {
    await asCarol('targets', 'change', 'build01', '--environment', 'production', '--code-file', '-')
    await grant(alice, await claviger.person('bob'), at)
    const before = (await entries(carol, 'session.forwarding')).length
    const program = await startSsh(claviger, alice, at, { options: ['-W', `127.0.0.1:${port()}`] })
    program.child.stdin?.end('hello')
    await program.ended
    expect(program.out()).toBe('')
    expect(program.said()).toContain(`No policy lets you forward connections to 127.0.0.1:${port()} here.`)
    expect(await entries(carol, 'session.forwarding')).toHaveLength(before)
  })
})
