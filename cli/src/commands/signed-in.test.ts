import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { access, identity, inventory } from '@claviger/api'
import { describe, expect, test } from 'vitest'
import { makeMachine } from '../../test/captured-io.ts'
import { alice, sampleGrant, sampleRequest, signingIn } from '../../test/samples.ts'
import { type Answers, routesOf, standIn } from '../../test/stand-in.ts'

const routes = routesOf(identity, access)
const token = signingIn.signInCode().token

/** A machine where alice has signed in at a server that gives these answers. */
async function signedIn(answers: Answers) {
  const server = await standIn(routes, { ...signingIn, ...answers })
  const machine = makeMachine({ CLAVIGER_SERVER: server.url })
  const login = await machine.run(['login', '--name', 'alice', '--password-file', '-', '--code-file', '-'], {
    input: 'pass word \n123 456\n',
  })
  const dispose = async () => {
    machine[Symbol.dispose]()
    await server[Symbol.asyncDispose]()
  }
  return { server, machine, login, [Symbol.asyncDispose]: dispose }
}

describe('signing in', () => {
  test('sends what standard input gave, and leaves files for their owner alone', async () => {
    await using at = await signedIn({})
    expect(at.login).toMatchObject({ code: 0 })
    expect(at.server.heard.map((h) => h.body)).toMatchObject([
      { name: 'alice', password: 'pass word ' },
      { challenge: 'challenge-0001', code: '123456', as: 'cli' },
      { publicKey: expect.stringMatching(/^ssh-ed25519 /) },
    ])
    const files = readdirSync(at.machine.config).sort()
    expect(files).toEqual(['id_ed25519', 'id_ed25519-cert.pub', 'id_ed25519.pub', 'known_hosts', 'sign-in.json', 'ssh_config'])
    for (const file of files.filter((f) => f !== 'id_ed25519.pub')) expect(statSync(join(at.machine.config, file)).mode & 0o077).toBe(0)
  })

  test('never prints the token', async () => {
    await using at = await signedIn({
      me: () => ({
        person: { ...alice, displayName: `Alice ${token}` },
        signIn: { expiresAt: '2099-01-01T10:00:00.000Z', idleAt: '2099-01-01T10:00:00.000Z' },
        passkeys: 0,
        passkeysAt: 'http://localhost:8200',
        seal: 'dev',
        lab: true,
      }),
    })
    const { code, out } = await at.machine.run(['whoami', '--json'])
    expect(code).toBe(0)
    expect(at.login.out + at.login.err + out).not.toContain(token)
    expect(JSON.parse(out).person.displayName).toBe('Alice [secret]')
  })

  test('is good for that server only', async () => {
    await using at = await signedIn({})
    await using other = await standIn(routes, {})
    expect(await at.machine.run(['whoami', '--server', other.url])).toMatchObject({ code: 3 })
    expect(other.heard).toEqual([])
  })

  test('ends with the files gone, even when the server has gone first', async () => {
    await using at = await signedIn({})
    await at.server[Symbol.asyncDispose]()
    expect(await at.machine.run(['logout'])).toMatchObject({ code: 0 })
    expect(readdirSync(at.machine.config).sort()).toEqual(['known_hosts', 'ssh_config'])
  })
})

describe('approving', () => {
  test('shows what is approved and sends the digest that was shown', async () => {
    const request = sampleRequest()
    await using at = await signedIn({
      request: () => request,
      approveRequest: () => ({ ...request, state: 'approved', grant: sampleGrant() }),
    })
    const { code, out } = await at.machine.run(['approve', request.id, '--code-file', '-'], { input: '654321\n' })
    expect(code).toBe(0)
    for (const shown of ['Alice Adams (alice)', 'deploy@web01', 'Tier 1 · high', '127.0.0.1:15022', '4h', 'roll out 42', request.digest])
      expect(out).toContain(shown)
    expect(at.server.heard.at(-1)).toMatchObject({
      route: 'approveRequest',
      body: { digest: request.digest, code: '654321' },
      authorization: `Bearer ${token}`,
    })
  })

  test('what one asked for oneself is refused before a code is spent', async () => {
    const approveBlocked = { code: 'access.own_request', message: 'You cannot approve your own request. Ask another approver.' }
    await using at = await signedIn({ request: () => sampleRequest({ approveBlocked }) })
    const { code, out } = await at.machine.run(['approve', 'req_rrrrrrrrrr', '--json', '--code-file', '-'], { input: '654321\n' })
    expect(code).toBe(5)
    expect(JSON.parse(out).error).toMatchObject(approveBlocked)
    expect(at.server.heard.map((h) => h.route)).not.toContain('approveRequest')
  })
})

describe('asking for access', () => {
  const preview = () => ({
    allowed: true,
    obligations: sampleRequest().obligations,
    because: ['tier-1'],
    message: null,
    approvers: ['bob'],
  })

  test('and waiting exits 0 when approved, 5 with the reason when denied', async () => {
    const no = {
      id: 'apr_aaaaaaaaaa',
      approver: { id: 'per_bbbbbbbbbb', name: 'bob', displayName: 'Bob' },
      verdict: 'denied',
      comment: 'freeze',
      at: '2026-01-01T10:00:00.000Z',
      factor: null,
    }
    let outcome: object = sampleRequest({ state: 'approved', grant: sampleGrant() })
    await using at = await signedIn({ previewRequest: preview, fileRequest: () => sampleRequest(), request: () => outcome })
    const ask = () => at.machine.run(['request', 'deploy@web01', '--for', '4h', '--reason', 'roll out 42', '--wait'])
    expect(await ask()).toMatchObject({ code: 0, out: expect.stringContaining('approved') })
    outcome = { ...sampleRequest({ state: 'denied' }), approvals: [no] }
    expect(await ask()).toMatchObject({ code: 5, err: expect.stringContaining('is denied: bob said "freeze"') })
  })

  test('is what connect suggests to who holds no grant, with exit code 4', async () => {
    const others = sampleGrant({ person: { id: 'per_bbbbbbbbbb', name: 'bob', displayName: 'Bob' } })
    await using at = await signedIn({
      grants: () => ({ grants: [others, sampleGrant({ target: 'web02' }), sampleGrant({ endsAt: '2026-01-01T10:00:01.000Z' })] }),
    })
    const { code, err } = await at.machine.run(['connect', 'deploy@web01'])
    expect(code).toBe(4)
    expect(err).toContain('Next: claviger request deploy@web01 --for 1h --reason "…"')
  })
})

describe('connecting to a target by its name alone', () => {
  const granted = (...accounts: string[]) => ({ grants: accounts.map((account) => sampleGrant({ account, target: 'orders-db' })) })

  test('asks which account is meant where several are granted', async () => {
    await using at = await signedIn({ grants: () => granted('app_admin', 'reporting') })
    const { code, err } = await at.machine.run(['connect', 'orders-db'])
    expect(code).toBe(2)
    expect(err).toContain('app_admin@orders-db, reporting@orders-db')
  })

  test('takes the one that can be asked for, and suggests asking for it', async () => {
    const account = (name: string, state: string) => ({
      ...{ id: `acc_${name.padEnd(10, 'a')}`, name, category: 'database', tier: 1, tierLabel: 'Tier 1', privileges: ['createrole'], state },
      ...{
        target: { id: 'tgt_tttttttttt', name: 'orders-db', kind: 'postgres', environment: 'lab' },
        credentials: [],
        observedSince: null,
        byHand: false,
        replaceable: true,
        authorisedKeys: [],
      },
    })
    const server = await standIn(routesOf(identity, access, inventory), {
      ...signingIn,
      grants: () => granted(),
      accounts: () => ({ accounts: [account('admin', 'managed'), account('other', 'found')], total: 2, next: null }),
    })
    using machine = makeMachine({ CLAVIGER_SERVER: server.url })
    await machine.run(['login', '--name', 'alice', '--password-file', '-', '--code-file', '-'], { input: 'pass word \n123 456\n' })
    const { code, err } = await machine.run(['connect', 'orders-db'])
    expect([code, err]).toEqual([4, expect.stringContaining('Next: claviger request admin@orders-db')])
    await server[Symbol.asyncDispose]()
  })
})

describe('a refusal of the server', () => {
  test.each([
    [401, 'identity.expired', 3],
    [403, 'access.forbidden', 5],
    [400, 'http.malformed', 2],
    [404, 'access.request_unknown', 5],
    [409, 'access.wrong_state', 5],
    [502, 'target.unreachable', 6],
    [500, 'http.failed', 1],
  ])('with status %i (%s) exits %i', async (status, code, exit) => {
    await using at = await signedIn({
      withdrawRequest: () => ({ status, body: { code, message: 'No. Do this instead.', issues: ['id: malformed'] } }),
    })
    const ran = await at.machine.run(['withdraw', 'req_rrrrrrrrrr'])
    expect(ran.code).toBe(exit)
    expect(ran.err).toContain('claviger: No. Do this instead.\n  id: malformed\n')
  })
})
