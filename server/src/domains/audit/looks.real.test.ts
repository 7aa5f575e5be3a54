import { afterAll, beforeAll, expect, test } from 'vitest'
import type { EntryId } from '../../kernel/id.ts'
import { type House, openHouse } from '../identity/test/house.ts'
import { type Audit, auditEvent, createActs } from './index.ts'

let house: House
let audit: Audit
beforeAll(async () => {
  house = await openHouse()
  audit = house.audit
})
afterAll(async () => await house?.close())

const looking = auditEvent('test.looking', { at: 'shown' })
const seen = auditEvent('test.seen', { at: 'shown', found: 'shown' })
const about = (at: string) => ({ begun: looking({ at }), cutShort: seen({ at, found: null }), by: null })
/** The outcomes of every intent that says `at`. */
const outcomes = async (at: string) => {
  const all = (await house.entries()) as unknown as {
    id: string
    phase: string
    intent: string | null
    fields: { at?: string; found?: unknown }
  }[]
  const intents = all.filter((e) => e.fields.at === at && e.phase === 'intent').map((e) => e.id)
  return intents.map((id) => all.filter((e) => e.intent === id && e.phase === 'outcome').map((e) => e.fields.found))
}
const rows = async () => (await house.sql('select intent from open_look')).length

test('a look has one intent and the outcome that it came to', async () => {
  const found = await audit.look(about('web01'), async (intent) => {
    expect(house.inside.context.notary.signedEntry(intent)).toMatchObject({ act: 'test.looking', phase: 'intent' })
    await audit.note(seen({ at: 'web01', found: 3 }), null, { phase: 'outcome', intent })
    return 3
  })
  expect(found).toBe(3)
  expect(await outcomes('web01')).toEqual([[3]])
  expect(await rows()).toBe(0)
})

test('one that fails, or comes back without an outcome, has one that says that it was cut short', async () => {
  const broken = audit.look(about('web02'), async () => {
    throw new Error('the line broke')
  })
  await expect(broken).rejects.toThrow('the line broke')
  expect(await audit.look(about('web03'), async () => 'refused')).toBe('refused')
  expect([await outcomes('web02'), await outcomes('web03')]).toEqual([[[null]], [[null]]])
  expect(await rows()).toBe(0)
})

/** A look in another process that never comes back. */
async function lost(at: string): Promise<{ dead: Audit; intent: EntryId }> {
  const dead = createActs({ db: house.db, keeper: house.keeper, now: house.clock.now })
  const intent = await new Promise<EntryId>((begun) => {
    void dead.look(about(at), (entry) => {
      begun(entry)
      return new Promise(() => undefined)
    })
  })
  return { dead, intent }
}

test('one whose process died is closed by the next, once, and one that runs is left alone', async () => {
  const { dead } = await lost('web04')
  // its own process still has it in hand
  expect(await dead.closeLooks()).toBe(0)
  expect(await outcomes('web04')).toEqual([[]])
  expect([await audit.closeLooks(), await audit.closeLooks()]).toEqual([1, 0])
  expect(await outcomes('web04')).toEqual([[null]])
})

test('those of another node are closed only when that node is silent', async () => {
  const { intent } = await lost('web05')
  await house.sql(`update open_look set node = 'nod_bbbbbbbbbb' where intent = $1`, [intent])
  expect([await audit.closeLooks(), await audit.closeLooks([]), await audit.closeLooks(['nod_cccccccccc'])]).toEqual([0, 0, 0])
  expect(await audit.closeLooks(['nod_bbbbbbbbbb'])).toBe(1)
  expect(await outcomes('web05')).toEqual([[null]])
})
