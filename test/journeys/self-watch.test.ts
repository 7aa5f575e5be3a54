import { audit, call, controls } from '@claviger/api'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Claviger, startClaviger } from '../support/claviger.ts'
import { must, type Person } from '../support/person.ts'
import { until } from '../support/until.ts'
import { entries } from '../support/work.ts'
import { barriers, enter, openBrowser } from './console-driver.ts'

/*
 * Claviger watches itself: a part that is frozen, a sequencer that is kept from its work, a folder that cannot be written. Each is an
 * alarm within two minutes, with its beginning, its cause and its end, and whoever is silent itself is told of by another.
 */

let claviger: Claviger
let carol: Person
beforeAll(async () => {
  claviger = await startClaviger({ lab: true })
  carol = await claviger.person('carol')
})
afterAll(() => claviger?.stop())

const bound = 120
const alarmOf = async (control: string, since: string) =>
  (await entries(carol, 'alarm.control_silent')).find((e) => e.fields.control === control && String(e.fields.since) >= since)
const endOf = async (control: string, since: unknown) =>
  (await entries(carol, 'control.restored')).find((e) => e.fields.control === control && e.fields.since === since)
/** A moment before, since what was last seen may lie a beat back. */
const now = () => new Date(Date.now() - 15_000).toISOString()
const metric = async (name: string, control: string): Promise<number> => {
  const text = await (await fetch(`${claviger.base}/metrics`, { signal: AbortSignal.timeout(30_000) })).text()
  const line = text.split('\n').find((l) => l.startsWith(`${name}{control="${control}"`))
  return Number(line?.split(' ').at(-1) ?? Number.NaN)
}

test('every control is seen to work, and nothing is entered while it is', async () => {
  const all = await until('all controls', async () => {
    const { controls: seen } = must(await call(carol.api, controls.controls))
    return seen.length >= 11 && seen.every((c) => !c.silent) ? seen : undefined
  })
  const names = ['anchor', 'api', 'clock', 'database', 'expiry', 'gateway', 'jobs', 'keeper', 'recorder', 'sequencer', 'supervisor']
  expect(all.map((c) => c.control).sort()).toEqual(names)
  expect(all.filter((c) => c.secondsAgo > 75)).toEqual([])
  expect(await metric('claviger_control_silent', 'recorder')).toBe(0)
  expect(await metric('claviger_control_last_seen_seconds', 'gateway')).toBeLessThan(30)
  expect(await entries(carol, 'alarm.control_silent')).toEqual([])
})

test('the console shows them to an auditor, in light and in dark, without a barrier', async () => {
  const browser = await openBrowser()
  try {
    const seat = await enter(browser, claviger, 'dave', '/controls', 'Controls')
    await seat.page.getByText('Everything that must go on does.').waitFor()
    await seat.page.getByRole('row', { name: /Recorder Works/ }).waitFor()
    expect(await barriers(seat.page)).toEqual([])
    expect(seat.complaints).toEqual([])
    if (process.env.PICTURES) await seat.page.screenshot({ path: `${process.env.PICTURES}/controls.png` })
    await seat.close()
  } finally {
    await browser.close()
  }
})

describe('a process that is frozen', () => {
  test('the gateway: alarm with cause, in the ledger, in the figures and at /api/controls; then its end', async () => {
    const since = now()
    const pid = claviger.pid('gateway')
    process.kill(pid, 'SIGSTOP')
    try {
      const alarm = await until('the alarm', () => alarmOf('gateway', since), bound)
      expect(alarm).toMatchObject({ phase: 'alarm', by: null })
      expect(alarm.fields.cause).toContain(`${pid} was stopped by a signal`)
      expect(alarm.fields.cause).toContain('recorder')
      expect(must(await call(carol.api, audit.alarms)).alarms.map((a) => a.id)).toContain(alarm.id)
      const { silences } = must(await call(carol.api, controls.controls))
      // the recorder is silent because of it, and no alarm of its own
      expect(silences.map((s) => s.control)).toContain('gateway')
      expect(silences.map((s) => s.control)).not.toContain('recorder')
      await until('the figures', async () => (await metric('claviger_control_silent', 'gateway')) === 1)
      await until('the word of the supervisor', () => claviger.said().includes('ALARM: the gateway is silent'), bound)
    } finally {
      process.kill(pid, 'SIGCONT')
    }
    const alarm = await alarmOf('gateway', since)
    const end = await until('its end', () => endOf('gateway', alarm?.fields.since), bound)
    expect(Number(end.fields.seconds)).toBeGreaterThanOrEqual(30)
    await until('the figures', async () => (await metric('claviger_control_silent', 'gateway')) === 0)
  })

  test('the api, which keeps the ledger: said at once on standard error, entered with its end when it is back', async () => {
    const since = now()
    const pid = claviger.pid('api')
    process.kill(pid, 'SIGSTOP')
    try {
      await until('the word of the supervisor', () => claviger.said().includes('ALARM: the api is silent'), bound)
    } finally {
      process.kill(pid, 'SIGCONT')
    }
    const alarm = await until('the alarm', () => alarmOf('api', since).catch(() => undefined), bound)
    expect(alarm.fields.cause).toContain('was stopped by a signal')
    await until('its end', () => endOf('api', alarm.fields.since), bound)
  })

  test('the keeper, without which nothing is signed: in the figures at once, in the ledger afterwards', async () => {
    const since = now()
    const pid = claviger.pid('keeper')
    process.kill(pid, 'SIGSTOP')
    try {
      await until('the figures', async () => (await metric('claviger_control_silent', 'keeper')) === 1, bound)
      await until('the word of the server', () => claviger.said().includes('ALARM: the keeper is silent'), bound)
    } finally {
      process.kill(pid, 'SIGCONT')
    }
    const alarm = await until('the alarm', () => alarmOf('keeper', since).catch(() => undefined), bound)
    await until('its end', () => endOf('keeper', alarm.fields.since), bound)
  })

  test('the supervisor: the api notices, and says that nothing would be started again', async () => {
    const since = now()
    process.kill(claviger.supervisor(), 'SIGSTOP')
    try {
      const alarm = await until('the alarm', () => alarmOf('supervisor', since), bound)
      expect(alarm.fields.cause).toContain('not started again')
    } finally {
      process.kill(claviger.supervisor(), 'SIGCONT')
    }
    const alarm = await alarmOf('supervisor', since)
    await until('its end', () => endOf('supervisor', alarm?.fields.since), bound)
  })
})

test('a sequencer that is kept from its work cannot enter it: the figures say so now, the ledger when it works again', async () => {
  const since = now()
  const db = await claviger.superuser()
  try {
    await db.sql('begin')
    await db.sql('lock table ledger_sequencer in access exclusive mode')
    await until('the figures', async () => (await metric('claviger_control_silent', 'sequencer')) === 1, bound)
    await until('the word of the server', () => claviger.said().includes('ALARM: the sequencer is silent'), bound)
    await db.sql('rollback')
  } finally {
    await db.close()
  }
  const alarm = await until('the alarm', () => alarmOf('sequencer', since).catch(() => undefined), bound)
  await until('its end', () => endOf('sequencer', alarm.fields.since), bound)
})
