import type { credentials } from '@claviger/api'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { granted } from '../../keeper/test/access.ts'
import { openWorld, type World } from '../../keeper/test/world.ts'
import { Secret } from '../../kernel/secret.ts'
import { must } from '../identity/test/house.ts'
import { markVersions } from './keep-versions.ts'
import { showReport } from './report.view.ts'

let world: World
let number = 0
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world?.close())
beforeEach(() => world.sql('delete from vault.secret_version where owner_kind = $1', ['account']))

type Id = { id: string }
const put = (id: string, text: string, what = 'password', line: string | null = null) =>
  world.inside.context.vault.put({ kind: 'account', id, what }, 'standard', Secret.fromText(text), { state: 'current', public: line })
const accounts = async (n: number, tier = 1) =>
  (await world.added(world.target(`host${number++}`, { tier }), ...Array.from({ length: n }, (_, i) => `user${i}`))) as unknown as [
    Id,
    Id,
    Id,
  ]
const report = async (find?: credentials.Finding, after?: string, limit = 50) =>
  must(await showReport(world.db, world.keeper, { find, days: 90, after, limit }))
const ids = async (find: credentials.Finding) => (await report(find)).credentials.map((c) => c.account.id)
const strong = 'v9#kTz!2mQ8$xLp4Rw7&'

describe('the report of credentials', () => {
  test('finds what is weak: passwords as a guesser would see them, keys by their size', async () => {
    const [short, good, key] = await accounts(3)
    await put(short.id, 'Summer2026!')
    await put(good.id, strong)
    await put(key.id, 'pem', 'ssh-key', `ssh-rsa ${Buffer.alloc(22 + 128).toString('base64')} x`)
    expect((await ids('weak')).sort()).toEqual([short.id, key.id].sort())
    expect((await report()).counts).toEqual({ credentials: 3, weak: 2, reused: 0, old: 0, shared: 0, expiring: 0, unchecked: 0 })
  })

  test('finds what is used twice, also where the other has replaced it since, and names whom it is shared with', async () => {
    const [one, other, third] = await accounts(3)
    await put(one.id, strong)
    await put(other.id, strong)
    await put(third.id, `${strong}x`)
    await world.sql("update vault.secret_version set state = 'previous' where owner_id = $1", [other.id])
    await put(other.id, `another ${strong}`)
    const found = await report('reused')
    expect(found.credentials).toMatchObject([{ account: { id: one.id }, sameAs: [{ id: other.id }] }])
    expect(found.counts.reused).toBe(1)
  })

  test('finds an SSH key that opens two accounts by its public half', async () => {
    const [one, other] = await accounts(2)
    await put(one.id, 'pem written once', 'ssh-key', 'ssh-ed25519 AAAAsame laptop')
    await put(other.id, 'pem written twice', 'ssh-key', 'ssh-ed25519 AAAAsame desktop')
    expect((await ids('reused')).sort()).toEqual([one.id, other.id].sort())
  })

  test('finds what is old, and what several people had since it was made', async () => {
    await put(world.deploy.id, strong)
    await granted(world, world.alice, world.deploy, world.bob)
    expect(await ids('shared')).toEqual([])
    await granted(world, world.erin, world.deploy, world.bob)
    expect(await ids('shared')).toEqual([world.deploy.id])
    expect(await ids('old')).toEqual([])
    await world.sql("update vault.secret_version set created_at = created_at - interval '91 days' where owner_id = $1", [world.deploy.id])
    expect(await ids('old')).toEqual([world.deploy.id])
  })

  test('comes a page at a time, the most critical first, each once', async () => {
    const low = await accounts(3, 3)
    const high = await accounts(2, 0)
    for (const { id } of [...low, ...high]) await put(id, 'password')
    const seen: string[] = []
    let after: string | undefined
    do {
      const page = await report('weak', after, 2)
      seen.push(...page.credentials.map((c) => c.account.id))
      after = page.next ?? undefined
    } while (after)
    expect(seen).toEqual([...high.map((a) => a.id).sort(), ...low.map((a) => a.id).sort()])
  })

  test('finds certificates that are over soon, or already, and says when', async () => {
    const [soon, over, long] = await accounts(3)
    const until = (days: number) => new Date(world.clock.now().getTime() + days * 86_400_000).toISOString()
    for (const [{ id }, days] of [
      [soon, 20],
      [over, -1],
      [long, 200],
    ] as const)
      await put(id, `pem ${id}`, 'tls', JSON.stringify({ notAfter: until(days), key: id, bits: 128 }))
    expect((await ids('expiring')).sort()).toEqual([soon.id, over.id].sort())
    expect((await report()).counts).toMatchObject({ expiring: 2, weak: 0 })
    expect((await report('expiring')).credentials[0]?.expiresAt).toMatch(/^20/)
    const year = must(await showReport(world.db, world.keeper, { find: 'expiring', days: 90, within: 365, limit: 50 }))
    expect(year.credentials).toHaveLength(3)
  })

  test('knows versions of an older installation once the keeper looked at them', async () => {
    const made = await accounts(3)
    for (const { id } of made) await put(id, 'password')
    await world.sql('update vault.secret_version set fingerprint = null, likeness = null, bits = null where owner_kind = $1', ['account'])
    expect((await report()).counts).toMatchObject({ weak: 0, reused: 0, unchecked: 3 })
    expect(await markVersions(world)).toBe(3)
    expect((await report()).counts).toMatchObject({ weak: 3, reused: 3, unchecked: 0 })
  })
})
