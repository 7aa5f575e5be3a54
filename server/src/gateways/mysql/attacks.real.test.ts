import type { AddressInfo } from 'node:net'
import { createServer, type Server, type Socket } from 'node:net'
import { Readable } from 'node:stream'
import { createSecureContext, TLSSocket } from 'node:tls'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ok } from '../../kernel/result.ts'
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

  const passwd = Buffer.from('\xfb/etc/passwd', 'latin1')
  const people = "load data local infile '/srv/in/people.tsv' into table people"
  const named = Buffer.from('\xfb/srv/in/people.tsv', 'latin1')
  const eof = Buffer.from([0xfe, 0, 0, 2, 0])
  /** `sends`: policy lets files pass, and the target knows it. `whole`: the client can be told a sentence. */
  const demands: { what: string; sql: string; says: Buffer[]; sends: boolean; whole: boolean }[] = [
    { what: 'where policy lets no file pass', sql: 'select 1', says: [packet(1, passwd)], sends: false, whole: true },
    { what: 'in the place of an answer', sql: 'select 1', says: [packet(1, passwd)], sends: true, whole: true },
    { what: 'other than the one of the statement', sql: people, says: [packet(1, passwd)], sends: true, whole: true },
    {
      what: 'whose name is as long',
      sql: people,
      says: [packet(1, Buffer.from('\xfb/home/me/.ssh/pw-x', 'latin1'))],
      sends: true,
      whole: true,
    },
    { what: 'byte by byte', sql: people, says: [...packet(1, passwd)].map((byte) => Buffer.from([byte])), sends: true, whole: true },
    { what: 'behind a first result', sql: people, says: [packet(1, okBody(2 | 8, '')), packet(2, named)], sends: true, whole: false },
    {
      what: 'behind the rows of a result',
      sql: 'select 1',
      says: [
        packet(1, Buffer.from([1])),
        packet(2, Buffer.from('\x03def\x01a\x01b')),
        packet(3, eof),
        packet(4, Buffer.from('\x011')),
        packet(5, Buffer.from([0xfe, 0, 0, 2 | 8, 0])),
        packet(6, passwd),
      ],
      sends: true,
      whole: false,
    },
    {
      what: 'once more, behind the one of the statement',
      sql: people,
      says: [packet(1, named), packet(2, passwd)],
      sends: true,
      whole: false,
    },
  ]

  test.each(demands)(
    'that asks for a file $what is not heard, the session ends, and it is an alarm',
    async ({ sql, says, sends, whole }) => {
      const wished: number[] = []
      const target = await hostile(async (secured, first) => {
        wished.push(first.readUInt32LE(0) & can.localFiles)
        secured.write(packet(3, okBody(2, '')))
        await readPacket(secured, 0)
        // each is a piece of its own on the way
        for (const piece of says) {
          secured.write(piece)
          await new Promise((resolve) => setTimeout(resolve, 2))
        }
      })
      door.host.targets.set('thief-db', targetAt(target.port, target.tls))
      door.host.grant('alice', 'app@thief-db')
      door.host.sendsFiles = sends
      door.host.judgeFile = async () => ok({ until: null })
      const opened: string[] = []
      const client = await door.client({
        user: 'alice@app@thief-db',
        infileStreamFactory: (path: string) => {
          opened.push(path)
          // it is still being read when the target asks once more
          return new Readable({ read() {} })
        },
      })
      client.on('error', () => {})
      const failed = client.query(sql).then(
        () => undefined,
        (error: Error) => error.message,
      )
      const session = door.session()
      await until(() => session.outcomes.length > 0)
      if (whole) expect(await failed).toMatch(/asked for a file of your machine that none of your statements named/)
      client.destroy()
      expect(opened.filter((path) => path !== '/srv/in/people.tsv')).toEqual([])
      expect(session.outcomes).toMatchObject([{ reason: 'target_failed', alarm: 'file_demanded' }])
      expect(session.ends).toMatchObject([{ outcome: 'cut' }])
      // whoever logs in once more to end what runs there asks for none
      expect(wished[0]).toBe(sends ? can.localFiles : 0)
      target.close()
    },
  )
})
