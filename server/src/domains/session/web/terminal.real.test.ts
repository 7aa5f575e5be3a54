import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type Door, openDoor } from '../../../gateways/ssh/test/open-door.ts'
import { until } from '../../../gateways/ssh/test/until.ts'
import { type Browser, cookies, openWebWorld } from './test/web-world.ts'

/*
 * A terminal of the browser, from its WebSocket by the gateway's own door to a real sshd; and who may not have one.
 */

const grant = 'grt_aaaaaaaaaa'
let door: Door
let world: Awaited<ReturnType<typeof openWebWorld>>
const open: Browser[] = []
beforeAll(async () => {
  door = await openDoor({ limits: { idleMs: 60_000 } })
  door.host.tickets.set('ticket-of-alice', 'alice')
  door.host.tickets.set('ticket-of-ben', 'ben')
  const place = { account: door.sshd.user, target: 'web01', kind: 'ssh' as const }
  world = await openWebWorld({
    ...{ folder: door.folder, doors: { ssh: door.gateway.visit as never } },
    places: { [grant]: { person: 'alice', ...place }, grt_bbbbbbbbbb: { person: 'ben', ...place } },
  })
})
afterAll(async () => {
  await world?.[Symbol.asyncDispose]()
  await door?.[Symbol.asyncDispose]()
})
afterEach(() => {
  for (const browser of open.splice(0)) browser.socket.terminate()
})

const hello = { kind: 'open', ticket: 'ticket-of-alice', columns: 100, rows: 30 }
async function terminal(said: object = hello): Promise<Browser> {
  const browser = await world.open(grant).opened()
  open.push(browser)
  browser.say(said)
  return browser
}
const session = () => {
  const last = door.host.sessions.at(-1)
  if (!last) throw new Error('no session was opened')
  return last
}

/** Bytes pass. */
async function running(): Promise<Browser> {
  const before = door.host.sessions.length
  const browser = await terminal()
  await browser.until(() => door.host.sessions.length > before && session().door !== undefined)
  return browser
}

describe('a terminal of the browser', () => {
  test('is a session of the SSH door like any other: told, recorded, sized, ended with its status', async () => {
    const browser = await terminal()
    await browser.until(() => browser.screen.includes('[claviger] This session is recorded.'))
    browser.type('stty size; echo $TERM\r')
    await browser.until(() => browser.screen.includes('30 100') && browser.screen.includes('xterm-256color'))
    browser.say({ kind: 'resize', columns: 120, rows: 40 })
    browser.type('stty size\r')
    await browser.until(() => browser.screen.includes('40 120'))
    browser.type('exit 3\r')
    await browser.left()
    expect(browser.heard('over')).toEqual([{ kind: 'over', status: 3, signal: null, why: null }])
    expect(session()).toMatchObject({
      attempt: {
        door: 'ssh',
        way: 'web',
        person: 'alice',
        account: door.sshd.user,
        target: 'web01',
        from: expect.stringMatching(/^127\.0\.0\.1:\d+$/),
      },
      how: { kind: 'shell', term: { columns: 100, rows: 30, name: 'xterm-256color' } },
      sizes: [{ columns: 120, rows: 40 }],
      outcomes: [{ reason: 'closed', exitStatus: 3 }],
    })
    expect(Buffer.concat(session().output).toString()).toContain('40 120')
    expect(Buffer.concat(session().input).toString()).toContain('stty size')
    expect(door.errors).toEqual([])
  })

  test('ends on the target when the browser goes', async () => {
    const browser = await running()
    const mine = session()
    browser.socket.terminate()
    await until(() => mine.outcomes.length > 0)
    expect(mine.outcomes).toMatchObject([{ reason: 'closed', detail: 'the client left' }])
  })

  test('is cut when the grant ends, and says so', async () => {
    const browser = await running()
    session().cut('grant_ended')
    await browser.left()
    expect(browser.screen).toMatch(/grant/i)
    expect(session().outcomes).toEqual([{ reason: 'grant_ended' }])
  })

  test('passes nothing while it is suspended, and goes on afterwards', async () => {
    const browser = await running()
    const held = session().door
    held?.suspend()
    browser.type('echo be""fore\r')
    await sleep(300)
    expect(browser.screen).not.toContain('before')
    held?.resume()
    await browser.until(() => browser.screen.includes('before'))
    held?.say('An officer says hello.')
    await browser.until(() => browser.screen.includes('[claviger] An officer says hello.'))
  })

  test('whose browser does not take what it is shown holds the target back, in bounded memory', async () => {
    const browser = await running()
    browser.type('yes a long line that is said again and again | head -c 200000000; echo do""ne\r')
    // it reads all, and says of nothing that it is on the screen
    await browser.until(() => browser.bytes >= 200_000)
    let seen = -1
    while (seen !== browser.bytes) {
      seen = browser.bytes
      await sleep(1000)
    }
    expect(browser.bytes).toBeLessThan(1024 * 1024)
    expect(Buffer.concat(session().output).length).toBeLessThan(8 * 1024 * 1024)
    browser.say({ kind: 'took', bytes: 200_000 })
    await browser.until(() => browser.bytes > seen)
  })
})

describe('nobody gets a terminal', () => {
  test.each([
    ['without a cookie', grant, { cookie: '' }, 401],
    ['with the cookie of nobody', grant, { cookie: 'claviger=nobody-nobody-nobody-nobody' }, 401],
    ['with a bearer token in the place of a cookie', grant, { cookie: '', authorization: `Bearer ${cookies.alice}` }, 401],
    ['from another page', grant, { origin: 'http://evil.example' }, 403],
    ['from a page of the same host at another port', grant, { origin: 'http://127.0.0.1:1' }, 403],
    ['from no page at all', grant, { origin: '' }, 403],
  ])('%s', async (_what, id, headers, status) => {
    const before = door.host.sessions.length
    const browser = await world.open(id, headers as unknown as Record<string, string>).left()
    expect(browser.refused).toBe(status)
    expect(door.host.sessions.length).toBe(before)
  })

  test('under a grant of somebody else', async () => {
    const browser = await world.open('grt_bbbbbbbbbb').left()
    expect(browser.texts).toEqual([])
  })

  test.each([
    ['with the ticket of somebody else', 'ticket-of-ben'],
    ['with a ticket that nobody gave', 'clvt_guessed'],
  ])('%s', async (_what, ticket) => {
    const before = door.host.sessions.length
    const browser = await terminal({ ...hello, ticket })
    await browser.left()
    expect(browser.screen).toContain('[claviger] This connection ticket is not known.')
    expect(door.host.sessions.length).toBe(before)
  })

  test('under a grant that ended meanwhile', async () => {
    const where = `alice ${door.sshd.user}@web01`
    const ends = door.host.grants.get(where) ?? 0
    door.host.grants.set(where, 0)
    const browser = await terminal()
    await browser.left()
    door.host.grants.set(where, ends)
    expect(browser.screen).toContain('The grant of this ticket has ended.')
  })

  test.each([
    ['a message that is larger than any', 'x'.repeat(300_000)],
    ['more typed at once than anybody types', Buffer.alloc(40_000)],
    ['what is no message', '{"kind":"open"}'],
    ['a window of no size', JSON.stringify({ ...hello, rows: 0 })],
    ['a second opening', JSON.stringify(hello)],
    ['taken what was never sent', JSON.stringify({ kind: 'took', bytes: 200_000 })],
  ])('who sends %s', async (_what, message) => {
    const browser = await terminal()
    browser.say(message)
    await browser.left()
    expect(browser.closed).toBe(true)
  })

  test('who signs out keeps none', async () => {
    const browser = await terminal()
    await browser.until(() => browser.screen.includes('recorded'))
    world.signedOut.add(cookies.alice)
    await browser.left()
    world.signedOut.clear()
  })

  test.each([
    ['another token', `${JSON.stringify({ token: 'guessed', wire: 'ssh', from: '127.0.0.1:1' })}\n`],
    ['an address that is none', `${JSON.stringify({ token: 'the token', wire: 'ssh', from: 'anywhere' })}\n`],
    ['a line without an end', 'x'.repeat(2000)],
  ])('by the socket of the gateway itself, with %s', async (_what, line) => {
    const before = door.host.malformedSeen.length
    const socket = connect(world.path)
    socket.write(line)
    socket.on('error', () => {})
    await new Promise((resolve) => socket.resume().once('close', resolve))
    expect(door.host.malformedSeen.length).toBe(before)
  })
})
