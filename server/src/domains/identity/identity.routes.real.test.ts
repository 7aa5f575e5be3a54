import { identity as api, call, people, type Transport } from '@claviger/api'
import pino from 'pino'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openHttp } from '../../platform/http/server.ts'
import { identityRoutes } from './index.ts'
import { goodPassword, type House, openHouse } from './test/house.ts'

let house: House
let http: Awaited<ReturnType<typeof openHttp>>
let anyone: Transport
const gateway = { host: '127.0.0.1', port: 2222, hostKey: 'ssh-ed25519 AAAA' }
beforeAll(async () => {
  house = await openHouse()
  http = await openHttp({
    host: '127.0.0.1',
    port: 0,
    log: pino({ level: 'silent' }),
    handlers: identityRoutes({ identity: house.identity, gateway, lab: true }),
    authenticate: house.identity.whoIs,
    isSetupToken: house.isSetupToken,
    ready: async () => ({ ok: true, checks: {} }),
    metrics: async () => '',
    console: '/nowhere',
  })
  anyone = { base: `http://127.0.0.1:${http.port}` }
})
afterAll(async () => {
  await http?.close()
  await house?.close()
})

const value = <T>(answer: { ok: true; value: T } | { ok: false; refusal: unknown }): T => {
  if (!answer.ok) throw new Error(JSON.stringify(answer.refusal))
  return answer.value
}

describe('over HTTP', () => {
  let secret = ''
  const challenge = async () => value(await call(anyone, api.signIn, { body: { name: 'carol', password: goodPassword } })).challenge

  test('a new installation gets its first administrator, and closes the first run', async () => {
    expect(value(await call(anyone, api.setupStatus))).toEqual({ open: true })
    const token = house.setupToken
    const body = { token, name: 'carol', displayName: 'Carol Cho', password: goodPassword }
    secret = value(await call(anyone, api.setupAdministrator, { body })).totp.secret
    const confirmed = value(await call(anyone, api.enrolConfirm, { body: { token, code: house.codeOf(secret) } }))
    expect(confirmed.person).toMatchObject({ name: 'carol', state: 'active' })

    const asSetup = { ...anyone, headers: { 'x-claviger-setup': token } }
    const invited = { name: 'alice', displayName: 'Alice Ames', groups: ['engineers' as const] }
    expect(value(await call(asSetup, api.invitePerson, { body: invited })).person).toMatchObject({ name: 'alice', state: 'invited' })
    value(await call(anyone, api.setupFinish, { body: { token } }))
    expect(value(await call(anyone, api.setupStatus))).toEqual({ open: false })
    expect(await call(asSetup, api.invitePerson, { body: { ...invited, name: 'mallory' } })).toMatchObject({ ok: false })
    expect((await house.identity.people({ limit: 10 })).map((p) => p.name)).toEqual(['alice', 'carol'])
  })

  test('a browser gets a cookie that no script reads, and no token', async () => {
    const response = await fetch(`${anyone.base}/api/sign-in/code`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ challenge: await challenge(), code: house.codeOf(secret) }),
    })
    const cookie = response.headers.get('set-cookie') ?? ''
    expect(cookie).toMatch(/^claviger=[A-Za-z0-9_-]{43}; .*Path=\/; .*HttpOnly; SameSite=Strict$/)
    expect(await response.json()).not.toHaveProperty('token')

    const browser = { ...anyone, headers: { cookie: cookie.split(';')[0] ?? '' } }
    expect(value(await call(browser, api.me))).toMatchObject({ person: { name: 'carol' }, seal: 'dev', lab: true })
    expect(value(await call(browser, people.people)).people.map((p) => p.name)).toEqual(['alice', 'carol'])

    const foreign = await fetch(`${anyone.base}/api/sign-out`, { method: 'POST', headers: browser.headers })
    expect(foreign.status).toBe(403)
    expect(value(await call(browser, api.signOut))).toEqual({ ok: true })
    expect(await call(browser, api.me)).toMatchObject({ ok: false, status: 401, refusal: { code: 'http.not_signed_in' } })
  })

  test('a command line gets a token, and with it keys and certificates', async () => {
    const body = { challenge: await challenge(), code: house.codeOf(secret), as: 'cli' as const }
    const { token } = value(await call(anyone, api.signInCode, { body }))
    const cli = { ...anyone, headers: { authorization: `Bearer ${token}` } }
    const publicKey = `ssh-ed25519 ${Buffer.concat([Buffer.from('0000000b7373682d6564323535313900000020', 'hex'), Buffer.alloc(32, 7)]).toString('base64')}`
    const key = value(await call(cli, api.addSshKey, { body: { publicKey, label: 'desk', code: house.codeOf(secret) } }))
    expect(value(await call(cli, api.sshKeys)).keys).toMatchObject([{ id: key.id, label: 'desk', fingerprint: key.fingerprint }])
    expect(value(await call(cli, api.sshCertificate, { body: { publicKey } }))).toMatchObject({
      certificate: expect.stringMatching(/^ssh-ed25519-cert-v01@openssh.com /),
      gateway,
    })
    value(await call(cli, api.removeSshKey, { params: { id: key.id } }))
    expect(value(await call(cli, api.sshKeys)).keys).toEqual([])

    const invited = { name: 'bob', displayName: 'Bob', groups: ['approvers' as const] }
    expect(await call(cli, api.invitePerson, { body: invited })).toMatchObject({ status: 403, refusal: { code: 'identity.code_needed' } })
    const { enrolmentToken } = value(await call(cli, api.invitePerson, { body: { ...invited, code: house.codeOf(secret) } }))
    expect(value(await call(anyone, api.enrol, { body: { token: enrolmentToken, password: goodPassword } })).person.name).toBe('bob')
  })

  test.each([
    ['a wrong password', 401, 'identity.wrong_credentials', { name: 'carol', password: 'wrong horse battery' }],
    ['a field too many', 400, 'http.malformed', { name: 'carol', password: goodPassword, admin: true }],
    ['a name that is none', 400, 'http.malformed', { name: "'; drop table person", password: goodPassword }],
    ['a password without end', 400, 'http.malformed', { name: 'carol', password: 'x'.repeat(10_000) }],
  ])('%s is refused with status %i', async (_what, status, code, body) => {
    expect(await call(anyone, api.signIn, { body: body as never })).toMatchObject({ ok: false, status, refusal: { code } })
  })
})
