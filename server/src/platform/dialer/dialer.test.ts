import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createDialer, type Dialer } from './index.ts'

const everywhere = [{ cidr: '0.0.0.0/0' }, { cidr: '::/0' }]
const open = { allow: everywhere, ownListeners: [], lab: true }

async function listening(host = '127.0.0.1'): Promise<{ port: number; connections: () => number }> {
  let count = 0
  const server = createServer((socket) => {
    count++
    socket.on('error', () => {}).resume()
  })
  await once(server.listen(0, host), 'listening')
  onTestFinished(() => void server.close())
  return { port: (server.address() as AddressInfo).port, connections: () => count }
}

async function detail(dial: Dialer, host: string, port: number): Promise<string> {
  const result = await dial(host, port)
  if (!result.ok) return result.error.detail
  result.value.destroy()
  return 'connected'
}

describe('the dialer', () => {
  test('connects to an allowed address', async () => {
    const { port } = await listening()
    expect(await detail(createDialer(open), '127.0.0.1', port)).toBe('connected')
    expect(await detail(createDialer(open), 'localhost', port)).toBe('connected')
  })

  test('asks after a minute of silence whether the target is still there: one that vanished holds nobody for hours', async () => {
    const { port } = await listening()
    const dialled = await createDialer(open)('127.0.0.1', port)
    if (!dialled.ok) throw new Error(dialled.error.detail)
    const mine = `:${dialled.value.localPort?.toString(16).toUpperCase().padStart(4, '0')} `
    // proc(5), net/tcp: field 6 is which timer runs (02: keep-alive), and in how many hundredths of a second it ends
    const row = readFileSync('/proc/net/tcp', 'utf8')
      .split('\n')
      .map((line) => line.trim().split(/\s+/))
      .find(([, local]) => `${local} `.endsWith(mine))
    const [timer, left] = row?.[5]?.split(':') ?? []
    dialled.value.destroy()
    expect(timer).toBe('02')
    expect(Number.parseInt(left ?? '', 16)).toBeLessThanOrEqual(60_00)
  })

  test('resolves a name once and connects to what it checked, so that a name cannot change its mind', async () => {
    const { port } = await listening()
    const answers = [['127.0.0.1'], ['169.254.169.254']]
    let asked = 0
    const dial = createDialer(open, async () => answers[asked++] ?? [])
    expect(await detail(dial, 'rebinding.example', port)).toBe('connected')
    expect(asked).toBe(1)
    expect(await detail(dial, 'rebinding.example', port)).toMatch(/metadata/)
  })

  test('uses the allowed one of several addresses of a name', async () => {
    const { port } = await listening()
    expect(
      await detail(
        createDialer(open, async () => ['169.254.0.9', '127.0.0.1']),
        'two.example',
        port,
      ),
    ).toBe('connected')
  })

  test.each([
    ['the metadata service', '169.254.169.254', /metadata/],
    ['the metadata service, mapped into IPv6', '::ffff:169.254.169.254', /metadata/],
    ['the metadata service, mapped and in hexadecimal', '::ffff:a9fe:a9fe', /metadata/],
    ['the metadata service behind a translator', '64:ff9b::a9fe:a9fe', /transition/],
    ['the metadata service of another cloud', '100.100.100.200', /metadata/],
    ['a link-local address', '169.254.1.1', /link-local/],
    ['a link-local address with its zone', 'fe80::1%eth0', /link-local/],
    ['the unspecified address, which reaches loopback', '0.0.0.0', /unspecified/],
    ['the unspecified IPv6 address', '::', /unspecified/],
    ['a multicast address', '239.1.2.3', /multicast/],
    ['the broadcast address', '255.255.255.255', /multicast or reserved/],
  ])('refuses %s even when every network is allowed', async (_what, host, sentence) => {
    expect(await detail(createDialer(open), host, 80)).toMatch(sentence)
  })

  test.each(['127.0.0.1', '127.9.9.9', '::1', '::ffff:127.0.0.1', 'localhost', '127.1', '0x7f000001', '2130706433'])(
    'refuses loopback outside the lab, also spelled %s',
    async (host) => {
      const { port, connections } = await listening()
      expect(await detail(createDialer({ ...open, lab: false }), host, port)).toMatch(/only the lab|not known/)
      expect(connections()).toBe(0)
    },
  )

  test.each([
    ['by its address', '127.0.0.1', '127.0.0.1'],
    ['by its address mapped into IPv6', '127.0.0.1', '::ffff:127.0.0.1'],
    ['when it listens on all addresses', '0.0.0.0', '127.0.0.1'],
    ['when it listens on all IPv6 addresses', '::', '127.0.0.1'],
    ['when it listens on localhost', 'localhost', '127.0.0.1'],
  ])('refuses our own listener %s', async (_how, listener, host) => {
    const { port, connections } = await listening()
    expect(await detail(createDialer({ ...open, ownListeners: [{ host: listener, port }] }), host, port)).toMatch(/Claviger itself/)
    expect(connections()).toBe(0)
  })

  test('refuses what is in no allowed network, and a port that its network does not list', async () => {
    const { port } = await listening()
    const rules = (allow: { cidr: string; ports?: number[] }[]) => createDialer({ ...open, allow })
    expect(await detail(rules([{ cidr: '10.0.0.0/8' }]), '127.0.0.1', port)).toMatch(/no allowed network/)
    expect(await detail(rules([{ cidr: '127.0.0.1/32', ports: [port + 1] }]), '127.0.0.1', port)).toMatch(/no allowed network/)
    expect(await detail(rules([{ cidr: '127.0.0.1/32', ports: [port] }]), '127.0.0.1', port)).toBe('connected')
    expect(await detail(rules([]), '127.0.0.1', port)).toMatch(/no allowed network/)
  })

  test('says so when nothing listens there, or the name is not known', async () => {
    const { port } = await listening()
    expect(await detail(createDialer(open), '127.0.0.2', port)).toMatch(/nothing listens there/)
    expect(
      await detail(
        createDialer(open, () => Promise.reject(new Error('ENOTFOUND'))),
        'nowhere.example',
        1,
      ),
    ).toBe('the name nowhere.example is not known')
    expect(
      await detail(
        createDialer(open, async () => []),
        'empty.example',
        1,
      ),
    ).toBe('empty.example has no address')
    expect(await detail(createDialer(open), '127.0.0.1', 0)).toBe('0 is no port')
  })

  test('survives a connection that breaks before anybody listens for it', async () => {
    const server = createServer((socket) => socket.resetAndDestroy())
    await once(server.listen(0, '127.0.0.1'), 'listening')
    onTestFinished(() => void server.close())
    const result = await createDialer(open)('127.0.0.1', (server.address() as AddressInfo).port)
    if (result.ok) await once(result.value, 'close')
  })
})
