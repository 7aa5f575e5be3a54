import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Secret } from '../../kernel/secret.ts'
import { createDialer } from '../../platform/dialer/index.ts'
import { type Credential, type FoundAccount, type Login, type OpenTarget, type PinnedIdentity, TargetError } from '../contract.ts'
import { openldap } from './index.ts'
import { discard, passwords, type Slapd, startSlapd, suffix } from './test/slapd.ts'

let slapd: Slapd
let target: OpenTarget
let identity: PinnedIdentity

const dial = createDialer({ allow: [{ cidr: '127.0.0.1' }], ownListeners: [], lab: true })
const password = (text: string): Credential => ({ kind: 'password', secret: Secret.fromText(text) })
const login = (account: string, text: string): Login => ({ account, credential: password(text) })
const manager = (): Login => login('claviger', passwords.claviger)
const works = { ok: true, value: undefined }

function open(server: Slapd, more: Record<string, unknown> = {}): OpenTarget {
  const settings = {
    host: '127.0.0.1',
    port: server.port.ldaps,
    ca: server.authority,
    baseDn: suffix,
    accountsDn: `ou=people,${suffix}`,
    ...more,
  }
  const opened = openldap.open(settings, dial)
  if (!opened.ok) throw new Error(JSON.stringify(opened.error))
  return opened.value
}

async function identityOf(one: OpenTarget): Promise<PinnedIdentity> {
  const found = await one.identify()
  if (!found.ok) throw new Error(JSON.stringify(found.error))
  return found.value
}

async function discovered(one: OpenTarget, as: Login): Promise<FoundAccount[]> {
  const found: FoundAccount[] = []
  for await (const account of one.discover?.(identity, as) ?? []) found.push(account)
  return found.sort((a, b) => a.name.localeCompare(b.name))
}

beforeAll(async () => {
  slapd = await startSlapd()
  target = open(slapd)
  identity = await identityOf(target)
})
afterAll(async () => {
  await slapd?.stop()
  discard(slapd)
})

describe('the server', () => {
  test('shows the same certificate over LDAPS and over StartTLS, to whoever asks', async () => {
    expect(identity).toEqual({ proof: 'tls-certificate', certificate: expect.stringMatching(/^SHA256:[0-9a-f]{64}$/) })
    const starting = open(slapd, { port: slapd.port.ldap, tls: 'starttls' })
    expect(await identityOf(starting)).toEqual(identity)
    expect(await starting.verify(identity, manager())).toEqual(works)
    expect(await starting.verify(identity, login('claviger', 'wrong'))).toMatchObject({ error: { code: 'target.login_refused' } })
  })

  test('is an impostor with another certificate than the pinned one, and hears nothing', async () => {
    const other = { ...identity, certificate: `SHA256:${'0'.repeat(64)}` }
    for (const refused of [
      await target.verify(other, manager()),
      await target.rotate?.(other, manager(), 'jane', password('never set, never sent')),
    ])
      expect(refused).toMatchObject({ error: { code: 'target.impostor', expected: other.certificate, presented: identity.certificate } })
    expect(await target.verify(identity, login('jane', passwords.anybody))).toEqual(works)
  })

  test('is an impostor when another authority signed it, or when it is asked for TLS where there is none', async () => {
    const strange = await startSlapd()
    expect(await open(slapd, { ca: strange.authority }).identify()).toMatchObject({ error: { code: 'target.impostor' } })
    expect(await open(strange, { ca: slapd.authority, port: strange.port.ldap }).identify()).toMatchObject({
      error: { code: 'target.impostor' },
    })
    await strange.stop()
    discard(strange)
    expect(await open(strange).identify()).toMatchObject({ error: { code: 'target.unreachable' } })
  })
})

describe('discovery', () => {
  test('lists who is in a privileged group by however many steps, who is root on hosts, services and itself, and nobody else', async () => {
    expect(await discovered(target, manager())).toEqual([
      found('byname', 'domain-admin', ['member of wheel']),
      found('circle', 'domain-admin', ['member of admins']),
      found('claviger', 'service', ['service login', 'manages this directory for Claviger']),
      found('jane', 'domain-admin', ['member of admins']),
      found('nested', 'domain-admin', ['member of admins']),
      found('replicator', 'service', ['service login']),
      found('toor', 'local-admin', ['uid 0']),
      found('twin', 'service', ['service login']),
    ])
  })

  test('names the rootdn where the settings do, which has no password in the directory', async () => {
    const rooted = open(slapd, { rootDn: `cn=admin,${suffix}` })
    const all = await discovered(rooted, login('admin', passwords.admin))
    expect(all[0]).toEqual({ name: 'admin', category: 'domain-admin', privileges: ['rootdn'], credentials: [], canLogIn: true })
    expect(await rooted.rotate?.(identity, login('admin', passwords.admin), 'admin', password('another password'))).toMatchObject({
      error: { code: 'target.not_permitted' },
    })
  })

  test('takes the groups that the settings name', async () => {
    const names = (await discovered(open(slapd, { adminGroups: 'Readers' }), manager())).map((account) => account.name)
    expect(names).toContain('ordinary')
    expect(names).not.toContain('jane')
  })

  test('says so when the base is not there', async () => {
    await expect(
      discovered(open(slapd, { baseDn: 'dc=else,dc=where', accountsDn: `ou=services,${suffix}`, nameAttribute: 'cn' }), manager()),
    ).rejects.toThrow(TargetError)
  })
})

const found = (name: string, category: string, privileges: string[]): FoundAccount =>
  ({ name, category, privileges, credentials: ['password'], canLogIn: true }) as FoundAccount

describe('rotation', () => {
  test('sets a password that the server hashes, twice the same, and the old one is dead', async () => {
    const next = 'correct horse, "battery" {SSHA}staple ü'
    for (let time = 0; time < 2; time++)
      expect(await target.rotate?.(identity, manager(), 'jane', password(next))).toEqual({ ok: true, value: {} })
    expect(await target.verify(identity, login('jane', next))).toEqual(works)
    expect(await target.verify(identity, login('jane', passwords.anybody))).toMatchObject({
      error: { code: 'target.login_refused', account: 'jane' },
    })
    const stored = slapd.stored(`uid=jane,ou=people,${suffix}`)
    const hash = Buffer.from(/^userPassword:: (.+)$/m.exec(stored)?.[1] ?? '', 'base64').toString()
    expect(hash).toMatch(/^\{SSHA\}/)
    // the policy would let nobody but the account itself choose the next one
    expect(stored).not.toContain('pwdReset')
  })

  test('is done by an account for itself', async () => {
    const [first, second] = [passwords.anybody, 'chosen by itself']
    expect(await target.rotate?.(identity, login('byname', first), 'byname', password(second))).toEqual({ ok: true, value: {} })
    expect(await target.verify(identity, login('byname', second))).toEqual(works)
    expect(await target.rotate?.(identity, login('byname', second), 'nested', password('not for me to set'))).toMatchObject({
      error: { code: 'target.not_permitted' },
    })
    expect(await target.rotate?.(identity, login('byname', first), 'byname', password('never set, never sent'))).toMatchObject({
      error: { code: 'target.login_refused' },
    })
  })

  test('is told when the policy of the directory refuses the password, which then is the old one still', async () => {
    expect(await target.rotate?.(identity, login('nested', passwords.anybody), 'nested', password('short'))).toMatchObject({
      error: { code: 'target.password_refused', detail: 'it is too short' },
    })
    expect(await target.verify(identity, login('nested', passwords.anybody))).toEqual(works)
  })

  test.each([
    ['nobody', 'target.account_gone'],
    ['*', 'target.account_gone'],
    ['jane)(uid=*', 'target.account_gone'],
    ['twin', 'target.protocol'],
  ])('of %s is refused', async (account, code) => {
    expect(await target.rotate?.(identity, manager(), account, password('never set, never sent'))).toMatchObject({ error: { code } })
  })

  test.each(['', 'x'.repeat(600), 'with a \0 in it'])('never sets what is no password: %j', async (text) => {
    expect(await target.rotate?.(identity, manager(), 'circle', password(text))).toMatchObject({
      error: { code: 'target.credential_refused' },
    })
  })
})

describe('a login', () => {
  test('with an empty password is refused, where a directory would take it for nobody’s', async () => {
    expect(await target.verify(identity, login('jane', ''))).toMatchObject({ error: { code: 'target.login_refused' } })
  })

  test('works where nobody may search without one, below accountsDn', async () => {
    const closed = await startSlapd({ anonymous: false })
    const there = open(closed)
    const pinned = await identityOf(there)
    expect(await there.verify(pinned, login('circle', passwords.anybody))).toEqual(works)
    expect(await there.verify(pinned, login('nobody', 'whatever'))).toMatchObject({ error: { code: 'target.login_refused' } })
    const lost = open(closed, { accountsDn: undefined })
    expect(await lost.verify(pinned, login('circle', passwords.anybody))).toMatchObject({
      error: { code: 'target.not_permitted', detail: expect.stringContaining('accountsDn') },
    })
    await closed.stop()
    discard(closed)
  })

  test('of an account that wrong passwords locked says so', async () => {
    for (let time = 0; time < 5; time++) await target.verify(identity, login('weird', 'wrong'))
    expect(await target.verify(identity, login('weird', passwords.anybody))).toMatchObject({
      error: { code: 'target.account_locked', account: 'weird' },
    })
  })
})

describe('the life of an account', () => {
  test('is made, disabled, enabled and removed, each twice with no harm', async () => {
    const { lifecycle } = target
    const opens = () => target.verify(identity, login('newcomer', 'made for a while'))
    for (let time = 0; time < 2; time++)
      expect(await lifecycle?.create?.(identity, manager(), 'newcomer', password('made for a while'))).toEqual(works)
    expect(await opens()).toEqual(works)
    for (let time = 0; time < 2; time++) expect(await lifecycle?.disable?.(identity, manager(), 'newcomer')).toEqual(works)
    expect(await opens()).toMatchObject({ error: { code: 'target.account_locked' } })
    // a new password opens it no more than the old one
    await target.rotate?.(identity, manager(), 'newcomer', password('made for a while'))
    expect(await opens()).toMatchObject({ error: { code: 'target.account_locked' } })
    for (let time = 0; time < 2; time++) expect(await lifecycle?.enable?.(identity, manager(), 'newcomer')).toEqual(works)
    expect(await opens()).toEqual(works)
    for (let time = 0; time < 2; time++) expect(await lifecycle?.remove?.(identity, manager(), 'newcomer')).toEqual(works)
    expect(await opens()).toMatchObject({ error: { code: 'target.login_refused' } })
    expect(await lifecycle?.disable?.(identity, manager(), 'newcomer')).toMatchObject({ error: { code: 'target.account_gone' } })
  })

  test('ends neither for the login that asks, nor for what somebody without the right asks', async () => {
    expect(await target.lifecycle?.remove?.(identity, manager(), 'claviger')).toMatchObject({ error: { code: 'target.not_permitted' } })
    expect(await target.lifecycle?.remove?.(identity, login('circle', passwords.anybody), 'nested')).toMatchObject({
      error: { code: 'target.not_permitted' },
    })
  })
})

describe('a server that does not answer', () => {
  test('is given up', async () => {
    slapd.freeze()
    const tried = await target.verify(identity, manager())
    slapd.thaw()
    expect(tried).toMatchObject({ error: { code: expect.stringMatching(/timeout|unreachable/) } })
    expect(await target.verify(identity, manager())).toEqual(works)
  })
})
