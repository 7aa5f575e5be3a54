import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createServer as createTlsServer } from 'node:tls'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { authorityNamed } from '../gateways/postgres/test/open-door.ts'
import { until } from '../gateways/ssh/test/until.ts'
import type { Keeper } from '../keeper/client.ts'
import { systemClock } from '../kernel/clock.ts'
import { readPeersCa } from '../peers-ca.ts'
import { compareWithPeers } from './compare-with-peers.ts'

/* Another server behind a proxy that ends TLS, with a certificate from an authority of the house. */

const authority = authorityNamed('servers of the house')
const { certificate: cert, privateKey: key } = authority.issue()
const note = 'claviger.dev/ledger/test\n7\nAAAA\nepoch 1\ntime 2026-01-01T00:00:00Z\n\n— claviger.dev/ledger/test AAAA\n'
const folder = mkdtempSync(join(tmpdir(), 'claviger-peers-'))
const servers: { close(): unknown }[] = []
let url: string

const listening = async (server: Server | ReturnType<typeof createTlsServer>): Promise<number> => {
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
  return (server.address() as AddressInfo).port
}
beforeAll(async () => {
  const body = JSON.stringify({ note, size: 7, verifierKey: 'claviger.dev/ledger/test+00000000+AAAA' })
  const behind = await listening(createServer((_asked, answer) => void answer.setHeader('content-type', 'application/json').end(body)))
  const proxy = createTlsServer({ cert, key }, (secured) => {
    const line = connect(behind, '127.0.0.1')
    for (const one of [secured, line]) one.on('error', () => {})
    secured.pipe(line).pipe(secured)
  })
  proxy.on('tlsClientError', () => {})
  url = `https://127.0.0.1:${await listening(proxy)}`
})
afterAll(() => {
  for (const server of servers) server.close()
  rmSync(folder, { recursive: true, force: true })
})

/** One server's look at the other, and what its keeper got to judge. */
function comparing(ca: string | undefined) {
  const brought: string[] = []
  const keeper = {
    open: true,
    ask: async (_operation: string, args: { note: string }) => {
      brought.push(args.note)
      return { ok: true, value: { compared: 'same' } }
    },
  } as unknown as Keeper
  const compared = compareWithPeers({ peers: [{ name: 'the-other', url }], ca, keeper, clock: systemClock })
  onTestFinished(() => compared.stop())
  return { brought, said: () => JSON.stringify(compared.beat() ?? {}) }
}

test('another server’s checkpoint is brought over https, when the authority of its certificate is named', async () => {
  const file = join(folder, 'ca.pem')
  writeFileSync(file, `# of the house\n${authority.ca}`)
  const ca = readPeersCa(file)
  expect(ca.ok).toBe(true)
  const { brought } = comparing(ca.ok ? ca.value : '')
  await until(() => brought.length > 0)
  expect(brought[0]).toBe(note)
})

test.each([
  ['the public authorities alone', () => undefined],
  ['another authority', () => authorityNamed('somebody else').ca],
])('a certificate that is not trusted brings nothing, and the control says why: with %s', async (_which, ca) => {
  const { brought, said } = comparing(ca())
  await until(() => said().includes('certificate'))
  expect(said()).toMatch(/The ledger was not compared with the-other: .*its certificate is not trusted \(UNABLE_TO_VERIFY_LEAF_SIGNATURE/)
  expect(brought).toEqual([])
})

test('a file without certificates keeps the server from starting, and the setting is named', () => {
  const file = join(folder, 'empty.pem')
  writeFileSync(file, 'nothing in here')
  for (const path of [file, join(folder, 'nowhere.pem')])
    expect(readPeersCa(path)).toMatchObject({ ok: false, error: expect.stringMatching(/^CLAVIGER_PEERS_CA: /) })
})
