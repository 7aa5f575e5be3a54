import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { newSeed, signingKey } from '../../platform/crypto/ed25519.ts'
import { newId } from '../../platform/crypto/random.ts'
import { Frontier, leafHash } from '../../platform/merkle/merkle.ts'
import type { FactContent } from '../facts/fact.ts'
import { keeperKeys } from '../keys.ts'
import { type KeeperFolder, openFolder } from '../state/folder.ts'
import type { KeeperIdentity } from '../state/identity.ts'
import { readCheckpoint } from './checkpoint.ts'
import { type NewEntry, writeEntry } from './entry.ts'
import type { StoredEntry } from './ledger.store.ts'
import { Notary } from './notary.ts'

const keys = keeperKeys(new Uint8Array(32).fill(7))
let root: string
let folder: KeeperFolder
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'claviger-notary-'))
  folder = openFolder(root)
  epoch = 1
})
afterEach(() => rmSync(root, { recursive: true }))

const signer = signingKey(newSeed())
let epoch: number
const identity = (): KeeperIdentity => ({
  log: 'claviger.dev/ledger/test',
  get epoch() {
    return epoch
  },
  signer,
  epochAt: undefined,
  reachEpoch: async () => undefined,
  nextEpoch: async () => {
    epoch += 1
  },
  wipe: () => undefined,
})
const notary = (over: Partial<KeeperFolder> = {}) =>
  new Notary({ folder: { ...folder, ...over }, identity: identity(), keys, now: () => new Date('2026-01-01T10:00:00Z') })

function entry(place: number, over: Partial<NewEntry> = {}): StoredEntry {
  const id = newId('ent')
  const at = new Date('2026-01-01T10:00:00Z')
  const { bytes } = writeEntry({
    id,
    at,
    act: 'test.done',
    phase: 'done',
    by: null,
    fields: {},
    personal: {},
    attests: [],
    intent: null,
    ...over,
  })
  return { id, place, bytes, origin: 'api', tag: keys.entryTag('api', bytes) }
}
const log = (size: number): StoredEntry[] => Array.from({ length: size }, (_, i) => entry(i + 1, { fields: { n: i } }))
async function* stored(entries: readonly StoredEntry[]): AsyncGenerator<StoredEntry> {
  yield* entries
}
const rootOf = (entries: readonly StoredEntry[]) => {
  const tree = new Frontier()
  for (const e of entries) tree.append(leafHash(e.bytes))
  return tree.root()
}
const saved = () => readCheckpoint(folder.read('checkpoint')?.toString('utf8') ?? '', identity().signer.publicKey)

describe('the notary', () => {
  test('signs the RFC 6962 root of everything that it was given, and has it on the disk', () => {
    const entries = log(7)
    expect(notary().append(1, entries)).toMatchObject({ ok: true, value: { size: 7, forged: [] } })
    expect(saved()).toMatchObject({ size: 7, epoch: 1, root: rootOf(entries) })
  })

  test('takes nothing beyond the next place', () => {
    const n = notary()
    n.append(1, log(3))
    expect(n.append(5, [entry(5)])).toMatchObject({ ok: false, error: { code: 'ledger.gap' } })
    expect(n.size).toBe(3)
  })

  test('takes what it is given again once', () => {
    const entries = log(5)
    const n = notary()
    n.append(1, entries.slice(0, 3))
    n.append(1, entries)
    n.append(4, entries.slice(3))
    expect(n.size).toBe(5)
    expect(saved()?.root).toEqual(rootOf(entries))
  })

  test('never signs another root for a size, whatever is put in the place of what it signed', async () => {
    const entries = log(5)
    const first = notary()
    first.append(1, entries)
    const again = notary()
    await again.replay(stored(entries))
    // a crash came before the answer: the same places come once more, one of them changed
    const other = [...entries.slice(0, 4), entry(5, { fields: { n: 'other' } })]
    expect(again.append(1, other)).toMatchObject({ ok: true, value: { size: 5, note: first.note } })
    expect(saved()?.root).toEqual(rootOf(entries))
  })

  test('hands out no checkpoint that is not on the disk', () => {
    let full = true
    const n = notary({
      overwrite(name, content) {
        if (full) throw new Error('ENOSPC')
        folder.overwrite(name, content)
      },
    })
    const entries = log(2)
    expect(() => n.append(1, entries)).toThrow('ENOSPC')
    expect(n.note).toBe('')
    expect(n.signedEntry(entries[0]?.id ?? '')).toBeUndefined()
    full = false
    expect(n.append(1, entries)).toMatchObject({ ok: true, value: { size: 2 } })
    expect(n.signedEntry(entries[0]?.id ?? '')).toMatchObject({ place: 1 })
    expect(saved()).toMatchObject({ size: 2, root: rootOf(entries) })
  })

  test('tells when an entry is signed, and when it is not', async () => {
    const n = notary()
    const e = entry(1)
    const waiting = n.whenSigned(e.id, 60_000)
    n.append(1, [e])
    expect(await waiting).toBe(true)
    expect(await n.whenSigned(newId('ent'), 1)).toBe(false)
  })

  test('knows that an intent has its outcome', () => {
    const n = notary()
    const intent = entry(1, { phase: 'intent' })
    n.append(1, [intent, entry(2, { intent: intent.id as never })])
    expect(n.signedEntry(intent.id)).toMatchObject({ phase: 'intent', closed: false })
    n.append(3, [entry(3, { phase: 'outcome', intent: intent.id as never })])
    expect(n.signedEntry(intent.id)).toMatchObject({ closed: true })
  })
})

describe('an entry that is not ours', () => {
  const person: FactContent = { id: 'per_aaaaaaaaaa', name: 'mallory' }
  const attests = [keys.attest('person', person, 1)]

  test.each<[string, (e: StoredEntry) => StoredEntry]>([
    ['no tag of ours', (e) => ({ ...e, tag: Buffer.alloc(32) })],
    ['the tag of another process', (e) => ({ ...e, tag: keys.entryTag('gateway', e.bytes) })],
    ['another id than it says', (e) => ({ ...e, id: newId('ent') })],
    ['bytes that are no JSON', (e) => withBytes(e, 'no json')],
    ['bytes that are no entry', (e) => withBytes(e, '{"v":1}')],
  ])('is signed for what it is, named, and believed in nothing: with %s', async (_what, change) => {
    const n = notary()
    const forged = change(entry(1, { attests }))
    expect(n.append(1, [forged, entry(2)])).toMatchObject({ ok: true, value: { size: 2, forged: [{ id: forged.id, place: 1 }] } })
    expect(n.head('person', 'per_aaaaaaaaaa')).toBeUndefined()
    expect(n.signedEntry(forged.id)).toBeUndefined()
    // nor does it keep the keeper from starting
    const again = notary()
    expect(await again.replay(stored([forged, entry(2)]))).toMatchObject({ ok: false })
    expect(again.head('person', 'per_aaaaaaaaaa')).toBeUndefined()
  })

  test('attests nothing with a seal that is not ours, and no older revision', () => {
    const n = notary()
    n.append(1, [entry(1, { attests: [keys.attest('person', person, 3)] })])
    const older = keys.attest('person', { ...person, name: 'old' }, 2)
    const foreign = { ...keys.attest('person', person, 4), mac: '0'.repeat(64) }
    n.append(2, [entry(2, { attests: [older, foreign] })])
    expect(n.head('person', 'per_aaaaaaaaaa')).toMatchObject({ revision: 3 })
  })

  const withBytes = (e: StoredEntry, text: string): StoredEntry => {
    const bytes = Buffer.from(text)
    return { ...e, bytes, tag: keys.entryTag('api', bytes) }
  }
})

describe('at its start the notary', () => {
  const flip = (e: StoredEntry): StoredEntry => {
    const bytes = Buffer.from(e.bytes)
    bytes[20] = (bytes[20] as number) ^ 1
    return { ...e, bytes }
  }
  test.each<[string, (log: StoredEntry[]) => StoredEntry[], string]>([
    ['one byte changed', (l) => l.map((e, i) => (i === 3 ? flip(e) : e)), 'are not those that the checkpoint'],
    ['a row deleted', (l) => l.filter((e) => e.place !== 4), 'no entry at place 4'],
    ['the first row deleted', (l) => l.slice(1), 'no entry at place 1'],
    ['the end cut off', (l) => l.slice(0, 6), 'Entries 7 to 9 are missing'],
    ['everything gone', () => [], 'Entries 1 to 9 are missing'],
    [
      'two rows in each other’s place',
      (l) => l.map((e, i) => ({ ...(l[i === 2 ? 3 : i === 3 ? 2 : i] as StoredEntry), place: e.place })),
      'are not those',
    ],
  ])('refuses a log with %s', async (_what, change, says) => {
    const entries = log(9)
    notary().append(1, entries)
    expect(await notary().replay(stored(change(entries)))).toMatchObject({ ok: false, error: expect.stringContaining(says) })
  })

  test('finds its own log as it left it, and what came after it yet to be signed', async () => {
    const entries = log(9)
    notary().append(1, entries.slice(0, 6))
    const again = notary()
    expect(await again.replay(stored(entries))).toEqual({ ok: true, value: undefined })
    expect(again.size).toBe(6)
    again.append(7, entries.slice(6))
    expect(saved()).toMatchObject({ size: 9, root: rootOf(entries) })
  })

  test('refuses a checkpoint of its own that somebody changed', async () => {
    notary().append(1, log(3))
    folder.write('checkpoint', folder.read('checkpoint')?.toString('utf8').replace('\n3\n', '\n2\n') ?? '')
    expect(await notary().replay(stored([]))).toMatchObject({ ok: false, error: expect.stringContaining('signature is not ours') })
  })

  test('knows from a log with a row missing what the rest of it attests: officers must be known', async () => {
    const officer = keys.attest('person', { id: 'per_cccccccccc' }, 1)
    const entries = [...log(3), entry(4, { attests: [officer] })]
    notary().append(1, entries)
    const again = notary()
    expect(await again.replay(stored(entries.filter((e) => e.place !== 2)))).toMatchObject({ ok: false })
    expect(again.head('person', 'per_cccccccccc')).toMatchObject({ revision: 1 })
  })
})

describe('what two officers adopt', () => {
  test('is signed in the epoch that begins', async () => {
    const entries = log(9)
    notary().append(1, entries)
    const who = identity()
    const again = new Notary({ folder, identity: who, keys, now: () => new Date() })
    await again.replay(stored(entries.slice(0, 6)))
    expect(await again.adopt(stored(entries.slice(0, 6)), () => who.nextEpoch(new Date()))).toMatchObject({ ok: true })
    expect(saved()).toMatchObject({ size: 6, epoch: 2, root: rootOf(entries.slice(0, 6)) })
    expect(await notary().replay(stored(entries.slice(0, 6)))).toMatchObject({ ok: true })
  })

  test('has no hole: then no epoch begins and nothing is signed', async () => {
    const entries = log(9)
    notary().append(1, entries)
    const before = folder.read('checkpoint')
    const again = notary()
    const holed = entries.filter((e) => e.place !== 4)
    await again.replay(stored(holed))
    let begun = 0
    expect(await again.adopt(stored(holed), () => begun++)).toMatchObject({ ok: false, error: { code: 'ledger.hole' } })
    expect(begun).toBe(0)
    expect(folder.read('checkpoint')).toEqual(before)
  })
})
