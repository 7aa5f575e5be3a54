import { readFileSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import { join } from 'node:path'
import { type audit, type Call, call, inventory } from '@claviger/api'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { freshKey, startServer, type TestServer } from '../../server/src/platform/ssh/ssh-server.fixture.ts'
import { type Claviger, startClaviger } from '../support/claviger.ts'
import { must, type Person } from '../support/person.ts'
import { isFree } from '../support/ports.ts'
import { childrenOf } from '../support/process.ts'
import { ssh } from '../support/ssh.ts'
import { until } from '../support/until.ts'
import { accounts, alarm, grant, takeOver, targetNamed, workAccount } from '../support/work.ts'

/*
 * Somebody else answers at the address of a target. Whatever Claviger wanted there is refused with a sentence, the impostor
 * hears no credential, the ledger raises an alarm, and the vault keeps the versions that it had.
 */

let claviger: Claviger
let carol: Person
let alice: Person
let at: string

beforeAll(async () => {
  claviger = await startClaviger({ lab: true })
  carol = await claviger.person('carol')
  alice = await claviger.person('alice')
  const bob = await claviger.person('bob')
  await takeOver(claviger)
  // what programs use is observed at first; of the lab's it is known that nothing does
  for (const { id, name, target } of (await accounts(claviger)).filter((a) => a.observedSince !== null)) {
    const body = { observe: false, reason: 'a journey', code: await carol.code() }
    must(await call(carol.api, inventory.observeAccount, { params: { id }, body }))
    await takeOver(claviger, [`${name}@${target.name}`])
  }
  at = `${(await workAccount(claviger)).name}@web01`
  await grant(alice, bob, at)
})
afterAll(() => claviger?.stop())

/** Which version of which credential is in force on a target. */
const versionsOn = async (target: string) =>
  (await accounts(claviger))
    .filter((account) => account.target.name === target)
    .flatMap(({ name, credentials }) => credentials.map(({ kind, version, verifiedAt }) => ({ name, kind, version, verifiedAt })))

const seen = new Set<string>()
/** An alarm about an impostor that no test has looked at yet. */
async function newAlarm(during: string, target: inventory.Target): Promise<audit.Entry> {
  const found = await alarm(carol, (a) => a.act === 'alarm.impostor' && a.fields.during === during && !seen.has(a.id))
  seen.add(found.id)
  expect(found).toMatchObject({ phase: 'alarm' })
  expect([target.id, target.name]).toContain(found.fields.target)
  return found
}

const sentence = /^The target is not the one that was pinned \(expected .+, it presented .+\)\. It heard no credential\./
const refused = (answer: Call<unknown>) =>
  expect(answer).toMatchObject({ ok: false, status: 502, refusal: { code: 'target.impostor', message: expect.stringMatching(sentence) } })

/** Nobody is found, nothing is rotated, and what the vault holds stays in force. */
async function deceivesNobody(name: string): Promise<void> {
  const target = await targetNamed(claviger, name)
  const before = await versionsOn(name)
  expect(before.length).toBeGreaterThan(0)
  refused(await call(carol.api, inventory.discoverTarget, { params: { id: target.id } }))
  await newAlarm('discovery', target)
  const held = (await accounts(claviger)).filter((account) => account.target.name === name)
  for (const account of held.slice(0, 2)) {
    refused(await call(carol.api, inventory.rotateAccount, { params: { id: account.id }, body: { reason: 'a journey' } }))
    await newAlarm('rotation', target)
  }
  expect(await versionsOn(name)).toEqual(before)
}

/** Stops a process of the lab with all that descends from it; afterwards its port is free. */
async function stopTree(pid: number, port: number): Promise<void> {
  const tree = [pid]
  for (const one of tree) tree.push(...childrenOf(one).map((child) => child.pid))
  for (const one of tree) {
    try {
      process.kill(one, 'SIGKILL')
    } catch {
      // gone with its parent
    }
  }
  await until(`port ${port} to be free`, () => isFree(port))
}

/** The first number in a file that a server of the lab keeps about itself; it must be a process of this lab. */
function labPid(...path: string[]): number {
  const pid = Number.parseInt(readFileSync(join(claviger.data, 'lab', ...path), 'utf8'), 10)
  if (!childrenOf(claviger.supervisor()).some((child) => child.pid === pid)) throw new Error(`${pid} is no process of this lab`)
  return pid
}

describe('an impostor of web01, with another host key', () => {
  let impostor: TestServer
  beforeAll(async () => {
    const port = claviger.ports.web01
    expect(await ssh(claviger, alice, at, 'echo the-real-one')).toMatchObject({ status: 0, out: expect.stringContaining('the-real-one') })
    await stopTree(labPid('web01', 'web01.pid'), port)
    // it would let in anybody
    impostor = await startServer({ port, hostKeys: [freshKey().pem] })
  })
  afterAll(() => impostor?.stop())

  /** It was called, and heard KEXINIT (20) and KEX_ECDH_INIT (30) only: no name, no service, no attempt to log in. */
  const heardNothing = () => {
    expect(impostor.messages.length).toBeGreaterThan(0)
    expect(impostor.messages.filter((type) => type !== 20 && type !== 30)).toEqual([])
    expect(impostor.attempts).toEqual([])
  }

  test('gets no session under a running grant, and the person reads why', async () => {
    const web01 = await targetNamed(claviger, 'web01')
    const before = await versionsOn('web01')
    const tried = await ssh(claviger, alice, at, 'echo it-is-open')
    expect(tried).toMatchObject({ status: 255, out: expect.not.stringContaining('it-is-open') })
    expect(tried.said).toContain('The target presented another host key than the one that is pinned. Nothing was sent to it.')
    await newAlarm('session', web01)
    heardNothing()
    expect(await versionsOn('web01')).toEqual(before)
  })

  test('gets nothing from discovery and rotation', async () => {
    await deceivesNobody('web01')
    heardNothing()
  })
})

const message = (type: string, body: string | Buffer): Buffer => {
  const bytes = Buffer.from(body as string)
  const length = Buffer.alloc(4)
  length.writeUInt32BE(bytes.length + 4)
  return Buffer.concat([Buffer.from(type), length, bytes])
}
const authentication = (code: number, rest = ''): Buffer => message('R', Buffer.concat([Buffer.from([0, 0, 0, code]), Buffer.from(rest)]))
const welcome = Buffer.concat([authentication(0), message('Z', 'I')])
const scram = [
  () => authentication(10, 'SCRAM-SHA-256\0\0'),
  (heard: Buffer) => {
    const nonce = /r=([^,\0]+)$/.exec(heard.toString('latin1'))?.[1] ?? ''
    return authentication(11, `r=${nonce}impostor,s=${Buffer.from('sixteen bytes :)').toString('base64')},i=4096`)
  },
  () => Buffer.concat([authentication(12, `v=${Buffer.alloc(32, 1).toString('base64')}`), welcome]),
]

/** A message of a client's: its type, and its text. PostgreSQL docs, Message Formats; the first one has no type byte. */
function messagesIn(bytes: Buffer): { type: string; text: string }[] {
  const found: { type: string; text: string }[] = []
  for (let at = 0; at < bytes.length; ) {
    const head = at === 0 ? 0 : 1
    const end = at + head + (bytes.length >= at + head + 4 ? bytes.readUInt32BE(at + head) : bytes.length)
    found.push({ type: head ? String.fromCharCode(bytes[at] ?? 0) : 'startup', text: bytes.toString('latin1', at + head + 4, end) })
    at = Math.max(end, at + 1)
  }
  return found
}

describe('an impostor of orders-db', () => {
  beforeAll(() => stopTree(labPid('orders-db', 'postgres', 'cluster', 'postmaster.pid'), claviger.ports.database))

  /** Listens where the database did, gives its answers one after the other, and keeps every byte of each connection. */
  async function listen(answers: readonly ((heard: Buffer) => Buffer)[]) {
    const calls: Buffer[][] = []
    const sockets = new Set<Socket>()
    const server: Server = createServer((socket) => {
      const heard: Buffer[] = []
      calls.push(heard)
      sockets.add(socket)
      socket.on('error', () => socket.destroy())
      socket.on('data', (bytes) => {
        const answer = answers[heard.push(bytes) - 1]
        if (answer) socket.write(answer(bytes))
      })
    })
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(claviger.ports.database, '127.0.0.1', () => resolve())
    })
    const stop = () =>
      new Promise<void>((resolve) => {
        for (const socket of sockets) socket.destroy()
        server.close(() => resolve())
      })
    return { heard: () => calls.map((one) => messagesIn(Buffer.concat(one))), stop }
  }

  test.each([
    ['asks for the password in clear text', [() => authentication(3), () => welcome], ['startup']],
    ['lets everybody in at once', [() => welcome], ['startup']],
    ['shows a wrong signature in SCRAM', scram, ['startup', 'p', 'p']],
  ] as const)('that %s gets no password and no statement', async (_how, answers, heard) => {
    const impostor = await listen(answers)
    try {
      await deceivesNobody('orders-db')
      const calls = impostor.heard()
      // what failed is tried again by itself: the newest call may be in the middle
      expect(calls.filter(({ length }) => length === heard.length).length).toBeGreaterThanOrEqual(3)
      for (const messages of calls) {
        expect(messages.map(({ type }) => type)).toEqual(heard.slice(0, messages.length))
        // in SCRAM a proof over this very exchange, which is worth nothing in another one
        const [, first, proof] = messages
        if (first) expect(first.text).toMatch(/^SCRAM-SHA-256\0.{4}n,,n=[^,]*,r=[^,]+$/s)
        if (proof) expect(proof.text).toMatch(/^c=biws,r=[^,]+impostor,p=[A-Za-z0-9+/]{43}=$/)
      }
    } finally {
      await impostor.stop()
    }
  })
})
