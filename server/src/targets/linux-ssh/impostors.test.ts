import { afterEach, beforeEach, expect, test } from 'vitest'
import { Secret } from '../../kernel/secret.ts'
import { dial as dialSsh, freshKey, startServer, type TestServer } from '../../platform/ssh/ssh-server.fixture.ts'
import type { Credential, Dial, FoundAccount, Login, OpenTarget } from '../contract.ts'
import { linuxSsh } from './index.ts'

const real = freshKey()
const fake = freshKey()
const dial = dialSsh as Dial
let server: TestServer
let target: OpenTarget

beforeEach(async () => {
  // an impostor that would believe everything
  server = await startServer({ hostKeys: [fake.pem] })
  const opened = linuxSsh.open({ host: '127.0.0.1', port: server.port }, dial)
  if (!opened.ok) throw new Error(opened.error.code)
  target = opened.value
})
afterEach(() => server.stop())

const password = (): Credential => ({ kind: 'password', secret: Secret.fromText('hunter2') })
const key = (): Credential => ({ kind: 'ssh-key', secret: new Secret(Uint8Array.from(freshKey().pem)) })
const as = (credential: Credential): Login => ({ account: 'root', credential })

const acts: Record<string, (login: Login, identity: Record<string, string>) => Promise<unknown>> = {
  verify: (login, identity) => target.verify(identity, login),
  rotate: async (login, identity) => target.rotate?.(identity, login, 'deploy', password()),
  closeOthers: async (login, identity) => target.closeOthers?.(identity, login, 'deploy', key()),
  discover: async (login, identity) => {
    const found: FoundAccount[] = []
    try {
      for await (const account of target.discover?.(identity, login) ?? []) found.push(account)
      return found
    } catch (error) {
      return { ok: false, error: (error as { failure: unknown }).failure }
    }
  },
}

const impostor = { ok: false, error: { code: 'target.impostor', expected: real.pin.fingerprint, presented: fake.pin.fingerprint } }

test.each(Object.keys(acts))('%s sends an impostor nothing: no name, no password, no key', async (act) => {
  for (const credential of [password(), key()]) expect(await acts[act]?.(as(credential), { ...real.pin })).toEqual(impostor)
  await server.stop()
  expect(server.attempts).toEqual([])
  // KEXINIT and KEX_ECDH_INIT, twice
  expect(server.messages).toEqual([20, 30, 20, 30])
})

test.each(Object.keys(acts))('%s does not even dial when no host key is pinned', async (act) => {
  expect(await acts[act]?.(as(password()), {})).toMatchObject({ ok: false, error: { code: 'target.protocol' } })
  expect(server.messages).toEqual([])
})

test('identify gives what an administrator pins', async () => {
  expect(await target.identify()).toEqual({ ok: true, value: fake.pin })
  expect(server.attempts).toEqual([])
})
