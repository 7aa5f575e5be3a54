import type { AddressInfo } from 'node:net'
import { createServer, type Server, type Socket } from 'node:net'
import { createSecureContext, TLSSocket } from 'node:tls'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readPacket } from '../../platform/mysql-client/index.ts'
import { can, okBody, ourCapabilities, packet, writeGreeting } from '../../protocols/mysql/index.ts'
import { selfSigned } from '../../targets/test/self-signed.ts'
import { until } from '../ssh/test/until.ts'
import { accountPassword, type Door, openDoor, targetAt } from './test/open-door.ts'

/*
 * Those who lie: clients without a good ticket, and targets that are not what they say or want more than a login.
 */

let door: Door
beforeAll(async () => {
  door = await openDoor()
})
afterAll(() => door?.[Symbol.asyncDispose]())

describe('a client', () => {
  test('is cut when an officer says so, and hears why with its next command', async () => {
    const client = await door.client()
    client.on('error', () => {})
    await client.query('select 1')
    const session = door.session()
    session.cut('ended_by_officer')
    await expect(client.query('select 2')).rejects.toThrow()
    await until(() => session.outcomes.length > 0)
    expect(session.outcomes).toEqual([{ reason: 'ended_by_officer' }])
  })
})

/** A server that does whatever a test says behind TLS, and keeps all that it was sent. */
async function hostile(then: (secured: TLSSocket, first: Buffer) => Promise<void>, tls = selfSigned('127.0.0.1')) {
  const heard: Buffer[] = []
  const sockets: Socket[] = []
  const context = createSecureContext({ cert: tls.certificate, key: tls.key })
  const capabilities = ourCapabilities | can.ssl
  const greeting = {
    version: '10.11.0-MariaDB',
    connection: 7,
    capabilities,
    challenge: Buffer.alloc(20, 65),
    plugin: 'mysql_native_password',
  }
  const server: Server = createServer((line) => {
    sockets.push(line.on('error', () => {}))
    line.write(packet(0, writeGreeting(greeting)))
    void readPacket(line, 1).then(async (request) => {
      if (!request) return
      const secured = new TLSSocket(line, { isServer: true, secureContext: context })
      secured.on('error', () => {})
      const first = await readPacket(secured, 2)
      if (!first) return
      heard.push(first)
      await then(secured, first)
      secured.on('data', (bytes) => heard.push(bytes))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    ...{ port, tls, heard: () => Buffer.concat(heard) },
    close: () => {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  }
}

describe('a target', () => {
  test('with another certificate than the pinned one gets not even the name of the account', async () => {
    const target = await hostile(async () => {})
    const pinned = selfSigned('127.0.0.1')
    door.host.targets.set('impostor-db', { ...targetAt(target.port, target.tls), identity: { certificate: pinned.fingerprint } })
    door.host.grant('alice', 'app@impostor-db')
    expect(await door.refusal({ user: 'alice@app@impostor-db' })).toMatch(/did not prove that it is the one that is pinned/)
    expect(door.session().outcomes).toMatchObject([{ reason: 'target_impostor' }])
    expect(target.heard()).toHaveLength(0)
    target.close()
  })

  test('that asks for the password in clear text does not get it', async () => {
    const asks = Buffer.concat([Buffer.from([0xfe]), Buffer.from('mysql_clear_password\0')])
    const target = await hostile(async (secured) => void secured.write(packet(3, asks)))
    door.host.targets.set('greedy-db', targetAt(target.port, target.tls))
    door.host.grant('alice', 'app@greedy-db')
    expect(await door.refusal({ user: 'alice@app@greedy-db' })).toMatch(/did not prove that it is the one that is pinned/)
    expect(target.heard().includes(accountPassword)).toBe(false)
    target.close()
  })

  test('that asks for a file of the client is not heard, and the session ends', async () => {
    const target = await hostile(async (secured) => {
      secured.write(packet(3, okBody(2, '')))
      await readPacket(secured, 0)
      secured.write(packet(1, Buffer.from('\xfb/etc/passwd', 'latin1')))
    })
    door.host.targets.set('thief-db', targetAt(target.port, target.tls))
    door.host.grant('alice', 'app@thief-db')
    let asked = 0
    const client = await door.client({
      user: 'alice@app@thief-db',
      infileStreamFactory: () => {
        asked += 1
        throw new Error('a file would have been read')
      },
    })
    client.on('error', () => {})
    await expect(client.query('select 1')).rejects.toThrow()
    const session = door.session()
    await until(() => session.outcomes.length > 0)
    expect(asked).toBe(0)
    expect(session.outcomes).toMatchObject([{ reason: 'target_failed', detail: expect.stringMatching(/no message of MySQL/) }])
    expect(session.ends).toMatchObject([{ outcome: 'cut' }])
    target.close()
  })
})
