import { describe, expect, test } from 'vitest'
import { fail, ok } from '../../kernel/result.ts'
import { Secret } from '../../kernel/secret.ts'
import type { Change, Credential, Login, OpenTarget } from '../../targets/contract.ts'
import { goTogether, loginsAtOnce } from './together.ts'

const password = (): Credential => ({ kind: 'password', secret: Secret.fromText('x') })
const as = (): Login => ({ account: 'root', credential: password() })
const target = (over: Partial<OpenTarget>): OpenTarget => ({
  ...{ kind: 'test', address: { host: '127.0.0.1', port: 1 } },
  identify: async () => ok({}),
  verify: async () => ok(undefined),
  rotate: async () => ok({}),
  ...over,
})
const joined = (n: number) => {
  const group = goTogether()
  return Array.from({ length: n }, () => group.join())
}
const names = (n: number) => Array.from({ length: n }, (_, at) => `a${at}`)
const rotateAll = async (open: OpenTarget, n: number) => {
  const group = goTogether()
  const members = names(n).map((name) => ({ name, one: group.join() }))
  return await Promise.all(members.map(({ name, one }) => one.share(open).rotate?.({}, as(), name, password())))
}

describe('accounts that are rotated together', () => {
  test('are changed at one login where the kind can', async () => {
    const logins: string[][] = []
    const open = target({
      async rotateMany(_identity, _as, changes: readonly Change[]) {
        logins.push(changes.map(({ account }) => account))
        return changes.map(({ account }) => (account === 'a2' ? fail({ code: 'target.account_gone' as const, account }) : ok({})))
      },
    })
    const answers = await rotateAll(open, 5)
    expect(logins).toEqual([names(5)])
    expect(answers.map((one) => one?.ok)).toEqual([true, true, false, true, true])
  })

  test('do not wait for one that ended, nor long for one that is slow', async () => {
    const sizes: number[] = []
    const open = target({
      async rotateMany(_identity, _as, changes) {
        sizes.push(changes.length)
        return changes.map(() => ok({}))
      },
    })
    const members = joined(4)
    const change = (at: number) => members[at]?.share(open).rotate?.({}, as(), `a${at}`, password())
    const both = Promise.all([change(0), change(1)])
    members[2]?.leave()
    await both // the fourth comes later than anybody waits
    await change(3)
    expect(sizes).toEqual([2, 1])
  })

  test('do not have a managing account refused more than once', async () => {
    let tries = 0
    const open = target({
      async rotate(_identity, { account }) {
        tries += 1
        return fail({ code: 'target.login_refused', account })
      },
    })
    const answers = await rotateAll(open, 20)
    expect(tries).toBe(1)
    for (const answer of answers) expect(answer).toMatchObject({ ok: false, error: { code: 'target.login_refused' } })
  })

  test('log in a few at a time', async () => {
    let [now, most] = [0, 0]
    const open = target({
      async verify() {
        most = Math.max(most, ++now)
        await new Promise((resolve) => setTimeout(resolve, 5))
        now -= 1
        return ok(undefined)
      },
    })
    const members = joined(30)
    await Promise.all(members.map((member) => member.share(open).verify({}, as())))
    expect(most).toBe(loginsAtOnce)
  })

  test('are all told when the kind throws', async () => {
    const open = target({
      async rotateMany() {
        throw new Error('broken')
      },
    })
    const members = joined(2)
    const asked = members.map((member, at) => member.share(open).rotate?.({}, as(), `a${at}`, password()))
    expect((await Promise.allSettled(asked)).map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  })

  test('end together as soon as all that are left are there, or half of many', async () => {
    const ended: number[] = []
    const [one, two, three] = joined(3)
    void one?.arrive().then(() => ended.push(1))
    void two?.arrive().then(() => ended.push(2))
    await new Promise((resolve) => setImmediate(resolve))
    expect(ended).toEqual([])
    three?.leave()
    await new Promise((resolve) => setImmediate(resolve))
    expect(ended).toEqual([1, 2])

    const many = joined(32)
    for (const [at, member] of many.slice(0, 16).entries()) void member.arrive().then(() => ended.push(at))
    await new Promise((resolve) => setImmediate(resolve))
    expect(ended).toHaveLength(2 + 16)
  })

  test('do not wait for long for those that are slow', async () => {
    const [one] = joined(2)
    await one?.arrive()
  })
})
