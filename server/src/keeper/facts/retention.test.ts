import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isDue, type KeptSession, monthsAfter, type RetentionClass, retentionOf, type Term, termsSince } from './retention.ts'
import { defaultClasses, ever, firstTermOf } from './retention-defaults.ts'

const any = { targets: null, tiers: null, environments: null, kinds: null }
const day = (text: string) => new Date(`${text}T12:00:00.000Z`)
const place = { target: 'tgt_aaaaaaaaaa', kind: 'linux-ssh', environment: 'production', tier: 1 }
const session: KeptSession = {
  ...{ id: 'ses_aaaaaaaaaa', person: 'per_aaaaaaaaaa', account: 'acc_aaaaaaaaaa', places: [place] },
  ...{ openedAt: day('2026-01-10'), endedAt: day('2026-01-10'), grantClosedAt: day('2026-01-11') },
}
const kept = (name: string, months: number, over: Partial<RetentionClass> & { applies?: Term['applies'] } = {}): RetentionClass => ({
  ...{ id: `rtc_${name}`, name, anchor: 'session_ended', confirmed: true },
  terms: [{ from: ever, months, applies: over.applies === undefined ? any : over.applies }],
  ...over,
})
const never = () => undefined
const of = (classes: RetentionClass[], closed: Parameters<typeof retentionOf>[3] = never, s = session) =>
  retentionOf(s, classes, [], closed)

describe('a recording', () => {
  test('is kept by the longest class that is for it', () => {
    expect(of([kept('short', 12), kept('long', 84), kept('other', 240, { applies: { ...any, tiers: [3] } })])).toMatchObject({
      ...{ by: { name: 'long' }, until: day('2033-01-10'), why: null },
    })
  })
  test('that no class is for is kept', () => {
    expect(of([kept('named', 12, { applies: { ...any, targets: [] } })])).toMatchObject({ by: null, until: null, why: 'no_class' })
  })
  test('of a class that nobody confirmed is kept, whatever the others say', () => {
    for (const classes of [
      [kept('a', 1), kept('b', 1, { confirmed: false })],
      [kept('b', 1, { confirmed: false }), kept('a', 1)],
    ])
      expect(of(classes)).toMatchObject({ by: { name: 'b' }, until: null, why: 'not_confirmed' })
  })
  test('waits for an anchor that is open, and counts from it once it is closed', () => {
    const pci = kept('pci', 72, { anchor: 'relationship_ended' })
    for (const classes of [
      [kept('general', 12), pci],
      [pci, kept('general', 12)],
    ])
      expect(of(classes)).toMatchObject({ by: { name: 'pci' }, until: null, why: 'anchor_open' })
    const ended = (_: string, subject: string) => (subject === place.target ? day('2027-03-01') : undefined)
    expect(of([pci], ended)).toMatchObject({ until: day('2033-03-01') })
    const removed = (anchor: string) => (anchor === 'account_removed' ? day('2026-06-01') : undefined)
    expect(of([kept('a', 12, { anchor: 'account_removed' })], removed)).toMatchObject({ until: day('2027-06-01') })
    expect(of([kept('g', 12, { anchor: 'grant_closed' })])).toMatchObject({ until: day('2027-01-11') })
  })
  test('counts from its own end where the anchor was closed before', () => {
    expect(of([kept('pci', 12, { anchor: 'relationship_ended' })], () => day('2020-01-01'))).toMatchObject({ until: day('2027-01-10') })
  })
  test('of two places is in the classes of both, and waits for the relationships of both', () => {
    const moved = { ...session, places: [place, { ...place, target: 'tgt_bbbbbbbbbb', tier: 3 }] }
    expect(of([kept('low', 240, { applies: { ...any, tiers: [3] } })], never, moved)).toMatchObject({ by: { name: 'low' } })
    const one = (_: string, subject: string) => (subject === place.target ? day('2027-03-01') : undefined)
    expect(of([kept('pci', 12, { anchor: 'relationship_ended' })], one, moved)).toMatchObject({ until: null })
  })
  test.each([
    ['session', session.id],
    ['person', session.person],
    ['account', session.account],
    ['target', place.target],
  ] as const)('that is held by its %s is not due, however long its period is over', (kind, subject) => {
    const classes = [kept('short', 1)]
    expect(isDue(retentionOf(session, classes, [{ id: 'lho_a', kind, subject }], never), day('2100-01-01'))).toBe(false)
    expect(isDue(retentionOf(session, classes, [{ id: 'lho_a', kind, subject: 'xxx_0000000000' }], never), day('2100-01-01'))).toBe(true)
  })
})

describe('a class that was changed', () => {
  const terms = (months: number[], applies: Term['applies'] = any): Term[] =>
    months.map((m, i) => ({ from: i === 0 ? ever : day(`202${6 + i}-01-01`).toISOString(), months: m, applies }))
  test('keeps what there is longer where it became longer, and takes nothing back where it became shorter', () => {
    const changed = (months: number[]) => kept('a', 0, { terms: terms(months) })
    expect(of([changed([12, 84])])).toMatchObject({ until: day('2033-01-10') })
    expect(of([changed([84, 12])])).toMatchObject({ until: day('2033-01-10') })
    const younger = { ...session, openedAt: day('2027-06-01'), endedAt: day('2027-06-01') }
    expect(of([changed([84, 12])], never, younger)).toMatchObject({ until: day('2028-06-01') })
  })
  test('goes on keeping what was in it when it was retired', () => {
    const retired = kept('a', 0, { terms: [...terms([84]), { from: day('2026-02-01').toISOString(), months: 84, applies: null }] })
    expect(of([retired])).toMatchObject({ until: day('2033-01-10') })
    expect(of([retired], never, { ...session, openedAt: day('2026-03-01') })).toMatchObject({ why: 'no_class' })
  })
  test('never keeps less after any change than before it', () => {
    const term = fc.record({ months: fc.integer({ min: 1, max: 400 }), tiers: fc.option(fc.subarray([0, 1, 2, 3])) })
    fc.assert(
      fc.property(fc.array(term, { minLength: 1, maxLength: 6 }), fc.integer({ min: 0, max: 60 }), (said, opened) => {
        const all = said.map((t, i) => ({
          ...{ from: monthsAfter(day('2020-01-01'), i * 12).toISOString(), months: t.months },
          applies: { ...any, tiers: t.tiers },
        }))
        const openedAt = monthsAfter(day('2020-01-02'), opened)
        const s = { ...session, openedAt, endedAt: openedAt }
        // what stood when it was opened, and everything that was said later, one by one
        const standing = all.filter((t) => Date.parse(t.from) <= openedAt.getTime()).length
        let least = 0
        for (let n = Math.max(1, standing); n <= all.length; n++) {
          const { until } = of([kept('a', 0, { terms: all.slice(0, n) })], never, s)
          expect(until?.getTime() ?? 0).toBeGreaterThanOrEqual(least)
          least = until?.getTime() ?? least
        }
      }),
    )
  })
  test('has the terms that were in force at the opening or came later', () => {
    const all = terms([1, 2, 3])
    expect(termsSince(all, day('2026-06-01')).map((t) => t.months)).toEqual([1, 2, 3])
    expect(termsSince(all, day('2027-06-01')).map((t) => t.months)).toEqual([2, 3])
    expect(termsSince(all, day('2030-06-01')).map((t) => t.months)).toEqual([3])
  })
})

test('months are those of the calendar', () => {
  expect(monthsAfter(day('2024-02-29'), 12)).toEqual(day('2025-02-28'))
  expect(monthsAfter(day('2026-01-31'), 1)).toEqual(day('2026-02-28'))
  expect(monthsAfter(day('2026-11-22'), 84)).toEqual(day('2033-11-22'))
})

test('the shipped classes: production for seven years, what is named for seven or six after the relationship, all else for one', () => {
  expect(defaultClasses.map((d) => [d.name, d.anchor, d.term.months])).toEqual([
    ['sox', 'session_ended', 84],
    ['hipaa', 'session_ended', 84],
    ['pci', 'relationship_ended', 72],
    ['general', 'session_ended', 12],
  ])
  expect(firstTermOf('rtc_sox0000000')?.from).toBe(ever)
})
