import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { newSeed, signingKey } from '../../platform/crypto/ed25519.ts'
import { KeyMisfit } from '../seal/key-misfit.ts'
import { type KeeperFolder, openFolder } from './folder.ts'
import type { KeeperIdentity } from './identity.ts'
import { beginAfterRestore, type Restored, restoredFile } from './restored.ts'

let root: string
let folder: KeeperFolder
let epoch: number
let noted: string[]
const taken = Date.parse('2026-01-01T10:00:00.000Z')
const key = 'claviger.dev/ledger/test+00000000+AQ=='

const restored: Restored = {
  ...{ v: 1, backup: 'bak_aaaaaaaaaa', takenAt: new Date(taken).toISOString(), verifierKey: key, size: 40 },
  ...{ restoredAt: new Date(taken + 3_600_000).toISOString(), anchoredTo: 0, seen: null },
}
const identity: KeeperIdentity = {
  log: 'claviger.dev/ledger/test',
  get epoch() {
    return epoch
  },
  epochAt: undefined,
  signer: signingKey(newSeed()),
  nextEpoch: async () => undefined,
  reachEpoch: async (to) => {
    epoch = Math.max(epoch, to)
  },
  wipe: () => undefined,
}
const own = {
  note: async (act: string, fields: object) => {
    noted.push(`${act} ${JSON.stringify(fields)}`)
    return 'ent_aaaaaaaaaa' as never
  },
  alarm: async (_kind: string, _id: string, why: string) => void noted.push(why),
}
const begin = (minutesLater: number, over: Partial<Restored> = {}) => {
  folder.write(restoredFile, JSON.stringify({ ...restored, ...over }))
  return beginAfterRestore({ folder, identity, verifierKey: key, own, now: () => new Date(taken + minutesLater * 60_000) })
}

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'claviger-restored-'))
  folder = openFolder(root)
  epoch = 3
  noted = []
})
afterEach(() => rmSync(root, { recursive: true }))

describe('what was restored', () => {
  test('begins an epoch once, with an entry and an alarm that say so', async () => {
    await begin(0)
    expect(epoch).toBe(4)
    expect(noted.join('\n')).toMatch(/backup\.restored.*"epoch":4[\s\S]*unanchored/)
    expect(existsSync(join(root, restoredFile))).toBe(false)
    noted = []
    await beginAfterRestore({ folder, identity, verifierKey: key, own, now: () => new Date() })
    expect([epoch, noted]).toEqual([4, []])
  })

  test('never meets an epoch that the same backup reached when it was restored before', async () => {
    await begin(60)
    const first = epoch
    epoch = 3
    await begin(90)
    expect(epoch).toBeGreaterThan(first)
  })

  test('goes beyond what an outside checkpoint has seen', async () => {
    await begin(0, { seen: { size: 50, epoch: 9 } })
    expect(epoch).toBe(10)
  })

  test('is not opened when the backup was signed by another key than the ledger in it', async () => {
    await expect(begin(0, { verifierKey: 'claviger.dev/ledger/test+11111111+AQ==' })).rejects.toThrow(KeyMisfit)
    expect([epoch, noted]).toEqual([3, []])
  })

  test('is not forgotten because somebody made it unreadable', async () => {
    folder.write(restoredFile, '{}')
    await expect(beginAfterRestore({ folder, identity, verifierKey: key, own, now: () => new Date() })).rejects.toThrow('Restore again')
  })
})
