import { type AddressInfo, createServer } from 'node:net'
import ssh2 from 'ssh2'
import { afterEach, describe, expect, test } from 'vitest'
import { connectSsh, identifyHost, type PinnedHostKey, pinnedHostKey, type SshLogin } from './index.ts'
import { dial, freshKey, startServer, type TestServer } from './ssh-server.fixture.ts'

const host = freshKey()
const servers: TestServer[] = []
afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop()
})
async function start(behaviour: Partial<Parameters<typeof startServer>[0]> = {}): Promise<TestServer> {
  const server = await startServer({ hostKeys: [host.pem], ...behaviour })
  servers.push(server)
  return server
}
const password: SshLogin = { user: 'deploy', proof: { kind: 'password', bytes: Buffer.from('hunter2') } }
const quick = { connectMs: 300, loginMs: 600, silenceMs: 60_000 }
const connect = (
  server: { port: number },
  login = password,
  pin: PinnedHostKey = host.pin,
  limits = { connectMs: 60_000, loginMs: 60_000, silenceMs: 60_000 },
) => connectSsh(dial, { host: '127.0.0.1', port: server.port, hostKey: pin }, login, limits)

async function loggedIn(server: { port: number }, login = password) {
  const connected = await connect(server, login)
  if (!connected.ok) throw new Error(JSON.stringify(connected.error))
  return connected.value
}

/** KEXINIT and KEX_ECDH_INIT: what anybody must send before a server shows its key. */
const beforeTheKey = [20, 30]

describe('an impostor', () => {
  const other = freshKey()

  test('with another host key hears nothing after it showed it: no name, no attempt', async () => {
    const server = await start({ hostKeys: [other.pem] })
    expect(await connect(server)).toEqual({
      ok: false,
      error: { code: 'ssh.impostor', expected: host.pin.fingerprint, presented: other.pin.fingerprint },
    })
    await server.stop()
    expect(server).toMatchObject({ attempts: [], messages: beforeTheKey })
  })

  test('that shows the pinned key without holding it hears nothing', async () => {
    const liar = ssh2.utils.parseKey(other.pem)
    if (liar instanceof Error) throw liar
    const [own] = [liar].flat()
    if (!own) throw new Error('no key')
    own.getPublicSSH = () => host.blob
    const server = await start({ hostKeys: [own] })
    expect(await connect(server)).toMatchObject({ error: { code: 'ssh.impostor', presented: expect.stringContaining('unproven') } })
    await server.stop()
    expect(server.attempts).toEqual([])
    // a farewell may come, but nothing that is encrypted
    expect(server.messages).not.toContain(-1)
  })

  test('with a key of another type only is not asked for it', async () => {
    const { private: ecdsa } = ssh2.utils.generateKeyPairSync('ecdsa', { bits: 256 })
    const server = await start({ hostKeys: [ecdsa] })
    expect(await connect(server)).toMatchObject({ error: { code: 'ssh.impostor', presented: 'no key of type ssh-ed25519' } })
    expect(server.attempts).toEqual([])
  })

  test('is what every server is when the pin is of another type', async () => {
    const server = await start()
    expect(await connect(server, password, { algorithm: 'ssh-rsa', fingerprint: host.pin.fingerprint })).toMatchObject({
      error: { code: 'ssh.impostor' },
    })
    expect(server.attempts).toEqual([])
  })
})

describe('identifying a host', () => {
  test('gives its proven key, without any word about us', async () => {
    const server = await start()
    expect(await identifyHost(dial, { host: '127.0.0.1', port: server.port })).toEqual({
      ok: true,
      value: { ...host.pin, blob: Uint8Array.from(host.blob) },
    })
    await server.stop()
    expect(server.attempts).toEqual([])
    // NEWKEYS ends the handshake; the service request for authentication would follow
    expect(server.messages.filter((message) => message !== 21)).toEqual(beforeTheKey)
  })

  test('refuses a key that the host does not hold', async () => {
    const [liar] = [ssh2.utils.parseKey(freshKey().pem)].flat()
    if (!liar || liar instanceof Error) throw new Error('no key')
    liar.getPublicSSH = () => host.blob
    const server = await start({ hostKeys: [liar] })
    expect(await identifyHost(dial, { host: '127.0.0.1', port: server.port })).toMatchObject({ ok: false, error: { code: 'ssh.protocol' } })
  })

  test.each([
    ['nothing', {}],
    ['an unknown algorithm', { algorithm: 'ssh-dss', fingerprint: host.pin.fingerprint }],
    ['a member of Object', { algorithm: 'constructor', fingerprint: host.pin.fingerprint }],
    ['a fingerprint in MD5', { algorithm: 'ssh-ed25519', fingerprint: 'MD5:00:11' }],
  ])('%s is no pin', (_what, identity: Record<string, string>) => {
    expect(pinnedHostKey(identity)).toBeUndefined()
  })
})

describe('a login', () => {
  test('offers the password once, after asking where it may go', async () => {
    const server = await start({
      authenticate: (context) => (context.method === 'password' ? context.accept() : context.reject(['password'])),
    })
    await (await loggedIn(server)).close()
    expect(server.attempts).toEqual(['none', 'password hunter2'])
  })

  test('falls back to nothing when the password is refused', async () => {
    const server = await start({ authenticate: (context) => context.reject(['password', 'keyboard-interactive', 'publickey']) })
    expect(await connect(server)).toMatchObject({ error: { code: 'ssh.login_refused' } })
    expect(server.attempts).toEqual(['none', 'password hunter2'])
  })

  test('keeps the password where only keys are taken', async () => {
    const server = await start({ authenticate: (context) => context.reject(['publickey']) })
    expect(await connect(server)).toMatchObject({ error: { code: 'ssh.login_refused', detail: expect.stringContaining('publickey') } })
    expect(server.attempts).toEqual(['none'])
  })

  test('that succeeds before anything was offered proves nothing', async () => {
    const server = await start({ authenticate: (context) => context.accept() })
    expect(await connect(server)).toMatchObject({
      error: { code: 'ssh.protocol', detail: expect.stringContaining('without a credential') },
    })
  })

  test('with half of what the target wants is refused as such', async () => {
    const half = await start({
      authenticate: (context) => (context.method === 'none' ? context.reject(['password']) : context.reject(['publickey'], true)),
    })
    expect(await connect(half)).toMatchObject({ error: { code: 'ssh.protocol', detail: expect.stringContaining('second proof') } })
    expect(half.attempts).toEqual(['none', 'password hunter2'])
  })

  test('by key signs with that key alone', async () => {
    const own = freshKey()
    const server = await start({
      authenticate: (context) =>
        context.method === 'publickey' && context.key.data.equals(own.blob) ? context.accept() : context.reject(['publickey', 'password']),
    })
    const login: SshLogin = { user: 'deploy', proof: { kind: 'ssh-key', bytes: own.pem } }
    await (await loggedIn(server, login)).close()
    expect(new Set(server.attempts)).toEqual(new Set(['publickey']))
    expect(await connect(server, { user: 'deploy', proof: { kind: 'ssh-key', bytes: freshKey().pem } })).toMatchObject({
      error: { code: 'ssh.login_refused' },
    })
  })

  test.each([
    ['Password: ', 'accepted'],
    ['(deploy@web01) Password:', 'accepted'],
    ['Verification code: ', 'refused'],
    ['New password: ', 'refused'],
    ['Current password:', 'refused'],
    ['Your password is about to expire. Phone number:', 'refused'],
  ])('answers the question %j: %s', async (question, outcome) => {
    const answers: string[] = []
    const server = await start({
      authenticate: (context) => {
        if (context.method !== 'keyboard-interactive') return context.reject(['keyboard-interactive'])
        context.prompt([{ prompt: question, echo: false }], (given) => {
          answers.push(...given)
          context.accept()
        })
      },
    })
    const connected = await connect(server)
    if (connected.ok) await connected.value.close()
    expect(connected.ok ? 'accepted' : 'refused').toBe(outcome)
    expect(answers).toEqual(outcome === 'accepted' ? ['hunter2'] : [])
  })

  test.each([
    [
      'two questions at once',
      [
        { prompt: 'Password: ', echo: false },
        { prompt: 'Password: ', echo: false },
      ],
    ],
    ['a question whose answer is shown', [{ prompt: 'Password: ', echo: true }]],
  ])('answers no %s', async (_what, prompts) => {
    const server = await start({
      authenticate: (context) =>
        context.method === 'keyboard-interactive'
          ? context.prompt(prompts, () => context.accept())
          : context.reject(['keyboard-interactive']),
    })
    expect(await connect(server)).toMatchObject({ error: { code: 'ssh.login_refused' } })
  })

  test('answers the same question a second time with nothing', async () => {
    const answers: string[] = []
    const server = await start({
      authenticate: (context) => {
        if (context.method !== 'keyboard-interactive') return context.reject(['keyboard-interactive'])
        const ask = () =>
          context.prompt([{ prompt: 'Password: ', echo: false }], (given) => {
            answers.push(...given)
            ask()
          })
        ask()
      },
    })
    expect(await connect(server)).toMatchObject({ error: { code: 'ssh.login_refused' } })
    expect(answers).toEqual(['hunter2'])
  })

  test('does not begin with a private key that cannot be read, and does not say what it holds', async () => {
    const server = await start()
    const refused = await connect(server, {
      user: 'deploy',
      proof: { kind: 'ssh-key', bytes: Buffer.from('-----BEGIN OPENSSH PRIVATE KEY-----\nc2VjcmV0\n') },
    })
    expect(refused).toEqual({ ok: false, error: { code: 'ssh.protocol', detail: 'the private key cannot be read' } })
    expect(server.messages).toEqual([])
  })
})

describe('a server that cannot be used', () => {
  test('because nobody listens is unreachable', async () => {
    const server = await start()
    await server.stop()
    expect(await connect(server)).toMatchObject({ error: { code: 'ssh.unreachable' } })
  })

  test.each([
    ['says nothing', '', 'ssh.timeout'],
    ['speaks something else', `HTTP/1.1 400 ${'x'.repeat(9_000)}`, 'ssh.protocol'],
  ])('because it %s is given up', async (_what, greeting, code) => {
    const tcp = createServer((socket) => {
      socket.on('error', () => {}).resume()
      socket.write(greeting)
    })
    await new Promise<void>((resolve) => tcp.listen(0, '127.0.0.1', resolve))
    const { port } = tcp.address() as AddressInfo
    expect(await connect({ port }, password, host.pin, quick)).toMatchObject({ error: { code } })
    expect(await identifyHost(dial, { host: '127.0.0.1', port }, quick)).toMatchObject({ error: { code } })
    await new Promise((resolve) => tcp.close(resolve))
  })

  test('because it never answers the login is given up', async () => {
    const server = await start({ authenticate: () => {} })
    expect(await connect(server, password, host.pin, quick)).toMatchObject({ error: { code: 'ssh.timeout' } })
  })

  test('because it hangs up during the login has said nothing about the credential', async () => {
    let hangUp: (() => void) | undefined
    const server = await start({ authenticate: (context) => (context.method === 'none' ? context.reject(['password']) : hangUp?.()) })
    hangUp = () => void server.stop()
    expect(await connect(server)).toMatchObject({ error: { code: 'ssh.unreachable' } })
  })

  test('because the dialer takes too long is given up, and a socket that comes late is closed', async () => {
    const server = await start()
    let late: Awaited<ReturnType<typeof dial>> | undefined
    const slow: typeof dial = async (...to) => {
      await new Promise((resolve) => setTimeout(resolve, 400))
      late = await dial(...to)
      return late
    }
    expect(await connectSsh(slow, { host: '127.0.0.1', port: server.port, hostKey: host.pin }, password, quick)).toMatchObject({
      error: { code: 'ssh.timeout' },
    })
    while (!late) await new Promise((resolve) => setTimeout(resolve, 20))
    await new Promise((resolve) => setImmediate(resolve))
    expect(late.ok && late.value.destroyed).toBe(true)
  })
})

describe('a command', () => {
  const running = (exec: NonNullable<Parameters<typeof startServer>[0]['exec']>) =>
    start({ exec, authenticate: (context) => (context.method === 'password' ? context.accept() : context.reject(['password'])) })

  test('gives its output and its status, and gets its input', async () => {
    const server = await running((command, channel) => {
      channel.on('data', (chunk: Buffer) => channel.write(`${command}: ${chunk}`))
      channel.on('end', () => {
        channel.stderr.write('careful')
        channel.exit(3)
        channel.end()
      })
    })
    const connection = await loggedIn(server)
    const done = await connection.exec('greet', { stdin: Buffer.from('hello') })
    await connection.close()
    expect(done).toMatchObject({ ok: true, value: { status: 3, signal: undefined } })
    if (done.ok) expect([done.value.stdout, done.value.stderr].map(String)).toEqual(['greet: hello', 'careful'])
  })

  test('that ends at once has a status, however many', async () => {
    const server = await running((_command, channel) => {
      channel.write('x')
      channel.exit(5)
      channel.end()
    })
    const connection = await loggedIn(server)
    const done = await Promise.all(Array.from({ length: 50 }, () => connection.exec('true')))
    for (const one of done) expect(one).toMatchObject({ ok: true, value: { status: 5 } })
    await connection.close()
  })

  test('that a signal ended has no status', async () => {
    const server = await running((_command, channel) => {
      channel.exit('KILL', false, '')
      channel.end()
    })
    const connection = await loggedIn(server)
    expect(await connection.exec('sleep')).toMatchObject({ ok: true, value: { status: undefined, signal: 'SIGKILL' } })
    await connection.close()
  })

  test('that writes more than its bound is a failure', async () => {
    const server = await running((_command, channel) => {
      channel.write(Buffer.alloc(5_000))
      channel.exit(0)
      channel.end()
    })
    const connection = await loggedIn(server)
    expect(await connection.exec('yes', { mostOutput: 4_999 })).toMatchObject({ ok: false, error: { code: 'ssh.protocol' } })
    await connection.close()
  })

  test('that does not end in time is a failure', async () => {
    const server = await running(() => {})
    const connection = await loggedIn(server)
    expect(await connection.exec('sleep', { timeoutMs: 100 })).toMatchObject({ ok: false, error: { code: 'ssh.timeout' } })
    await connection.close()
  })

  test('on a connection that breaks is a failure, as is every later one', async () => {
    const server = await running((_command, channel, end) => {
      channel.write('half')
      end()
    })
    const connection = await loggedIn(server)
    expect(await connection.exec('work')).toMatchObject({ ok: false, error: { code: 'ssh.unreachable' } })
    await connection.closed
    expect(await connection.exec('work')).toMatchObject({ ok: false, error: { code: 'ssh.unreachable' } })
    await connection.close()
  })
})
