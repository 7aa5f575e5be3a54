import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'
import { GrowingTree, leafHash } from '../src/verify/tree.ts'

// Makes exports as a server would (docs/formats.md), for tests that then spoil them.

export interface Signer {
  name: string
  verifierKey: string
  key: KeyObject
}

const log = 'lab0000001'
const origin = `claviger.dev/ledger/${log}`
const sha256 = (...parts: (Uint8Array | string)[]) => parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest()

export function makeSigner(name = origin): Signer {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  const bytes = Buffer.concat([Buffer.of(1), Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url')])
  const hash = sha256(name, '\n', bytes).subarray(0, 4)
  return { name, key: privateKey, verifierKey: `${name}+${hash.toString('hex')}+${bytes.toString('base64')}` }
}

export function signCheckpoint(size: number, root: Buffer, by: Signer): string {
  const text = `${origin}\n${size}\n${root.toString('base64')}\nepoch 1\ntime 2026-01-02T10:00:00.000Z\n`
  const keyHash = Buffer.from(by.verifierKey.slice(by.name.length + 1).slice(0, 8), 'hex')
  const signature = Buffer.concat([keyHash, sign(null, Buffer.from(text), by.key)])
  return `${text}\n— ${by.name} ${signature.toString('base64')}\n`
}

export interface SampleEntry {
  id: string
  bytes: Buffer
  personal: Record<string, { value: string; salt: string }>
}

export function makeEntry(place: number): SampleEntry {
  const salt = randomBytes(16)
  const value = `because of ticket ${place}`
  const id = `ent_${String(place).padStart(10, '0')}`
  const inside = { id, at: '2026-01-01T00:00:00.000Z', act: 'access.requested', committed: { reason: sha256(salt, value).toString('hex') } }
  return { id, bytes: Buffer.from(JSON.stringify(inside)), personal: { reason: { value, salt: salt.toString('base64') } } }
}

/** The lines of an export of these entries, with a checkpoint of the past after every third. Also answers each checkpoint by size. */
export function exportLines(entries: SampleEntry[], by: Signer, every = 3): { lines: string[]; notes: string[] } {
  const tree = new GrowingTree()
  const notes = [signCheckpoint(0, tree.root(), by)]
  const body: string[] = []
  entries.forEach(({ id, bytes, personal }, index) => {
    const leaf = leafHash(bytes)
    tree.append(leaf)
    const note = signCheckpoint(tree.size, tree.root(), by)
    notes.push(note)
    body.push(JSON.stringify({ place: index + 1, id, bytes: bytes.toString('base64'), personal, leaf: leaf.toString('hex') }))
    if (tree.size % every === 0) body.push(JSON.stringify({ checkpoint: note }))
  })
  const size = entries.length
  const header = { format: 'claviger-ledger-export', version: 1, log, size, checkpoint: notes[size], verifierKey: by.verifierKey }
  return { lines: [JSON.stringify(header), ...body], notes }
}

export const sampleEntries = (count: number): SampleEntry[] => Array.from({ length: count }, (_, index) => makeEntry(index + 1))
