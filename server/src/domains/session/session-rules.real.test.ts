import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { must } from '../identity/test/house.ts'
import { openSessions } from './test/session-world.ts'

const sessions = await openSessions()
const { host, open, ended, about } = sessions
afterAll(sessions.close)
beforeEach(sessions.granted)

describe('rules of production', () => {
  const rulesIn = async (session: string) =>
    (await about(session)).filter((e) => e.act === 'alarm.session_rule' || e.act === 'session.opaque').map((e) => e.fields.rule ?? 'opaque')

  test('see the command that a session begins with, and say nothing of its text', async () => {
    const live = must(await open(host, { kind: 'exec', command: 'sudo rm -rf /srv/planted-name && psql shop' }))
    await ended(live)
    expect(await rulesIn(live.id)).toEqual(['recursive_delete', 'opaque'])
    expect(JSON.stringify(await about(live.id))).not.toContain('planted-name')
  })

  test('see what is typed, once its echo proves it, at the second at which Enter was pressed', async () => {
    const live = must(await open())
    live.recorder.output(Buffer.from('$ '))
    live.recorder.input(Buffer.from('history -c'))
    live.recorder.output(Buffer.from('history -c'))
    live.recorder.input(Buffer.from('\r'))
    live.recorder.output(Buffer.from('\r\n$ '))
    // nobody sees what the target does not show: it may be a password
    live.recorder.input(Buffer.from('rm -rf x\r'))
    live.recorder.output(Buffer.from('\r\n$ '))
    await ended(live)
    expect(await rulesIn(live.id)).toEqual(['history_wiped'])
  })

  test('say the same twenty times in a session, and then no more', async () => {
    const live = must(await open(host, { kind: 'shell' }))
    const drop = { via: 'simple', sql: 'drop table t', parameters: [], unsureEncoding: false, escaped: false } as const
    for (let n = 1; n <= 30; n++) live.recorder.statementStarted({ n, ...drop })
    await ended(live)
    const said = (await about(live.id)).filter((e) => e.act === 'alarm.session_rule').map((e) => e.fields)
    expect(said).toHaveLength(20)
    expect(said.at(-1)).toMatchObject({ rule: 'drop', n: 20, more: true })
    expect(said.at(0)).toMatchObject({ rule: 'drop', n: 1, more: false })
  })
})
