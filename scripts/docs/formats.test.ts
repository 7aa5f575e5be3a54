import { describe, expect, test } from 'vitest'
import { askDigest as digestOfShown } from '../../cli/src/verify/ask-digest.ts'
import { verifyLedger } from '../../cli/src/verify/index.ts'
import { digestOf, type FactContent } from '../../server/src/keeper/facts/fact.ts'
import { requestDigest } from '../../server/src/keeper/facts/request-digest.ts'
import { askDigest } from '../../server/src/keeper/facts/session-ask.ts'
import { keeperKeys } from '../../server/src/keeper/keys.ts'
import { readCheckpoint, signCheckpoint, verifierKey } from '../../server/src/keeper/ledger/checkpoint.ts'
import { entryShape, writeEntry } from '../../server/src/keeper/ledger/entry.ts'
import { readShare, writeShare } from '../../server/src/keeper/seal/share-text.ts'
import { openAskedText } from '../../server/src/keeper/vault/asked-texts.ts'
import { encodeFrame, FrameReader } from '../../server/src/keeper/wire/frames.ts'
import { canonical, type Plain } from '../../server/src/kernel/canonical.ts'
import type { EntryId } from '../../server/src/kernel/id.ts'
import { signingKey, verifyEd25519 } from '../../server/src/platform/crypto/ed25519.ts'
import { deriveKey, lengthPrefixed, sha256 } from '../../server/src/platform/crypto/hash.ts'
import { open } from '../../server/src/platform/crypto/sealed.ts'
import { Frontier, leafHash } from '../../server/src/platform/merkle/merkle.ts'
import { hexVector, vector } from './page.ts'

const bytes = (from: number, length = 32) => Uint8Array.from({ length }, (_, i) => from + i)
const json = (name: string) => JSON.parse(vector(name))
const keys = keeperKeys(bytes(0x00))
const signer = signingKey(bytes(0x80))
const entries = ['entry-1', 'entry-2', 'entry-3'].map((name) => Buffer.from(vector(name), 'utf8'))

describe('the test vectors in docs/formats.md', () => {
  test('give canonical JSON and length-prefixed parts', () => {
    expect(vector('canonical')).toBe(canonical({ b: [1, 0.5, true, null], a: 'é"', Z: { y: -0, x: 1e21 } }))
    expect(hexVector('length-prefixed')).toBe(lengthPrefixed('a', Uint8Array.of(0, 255), '').toString('hex'))
  })

  test('give a share as its custodian types it', () => {
    const share = { set: '0102030405', threshold: 3, shares: 5, number: 2, value: Buffer.from(bytes(0, 33)) }
    expect(writeShare({ ...share, value: Buffer.from(share.value) }).toString()).toBe(vector('share'))
    expect(readShare(Buffer.from(vector('share')))).toEqual({ ok: true, value: share })
  })

  test('give entries as we write them: their fields, in their order', () => {
    for (const text of entries) {
      const entry = entryShape.parse(JSON.parse(text.toString('utf8')))
      const { id, at, committed, ...rest } = entry
      const personal = Object.fromEntries(Object.keys(committed).map((field) => [field, 'x']))
      const written = writeEntry({ ...rest, id: id as EntryId, at: new Date(at), personal })
      const ours = JSON.parse(written.bytes.toString('utf8'))
      expect(JSON.stringify({ ...ours, committed })).toBe(text.toString('utf8'))
    }
  })

  test('give the commitment of a personal value', () => {
    const commitment = sha256(Buffer.concat([bytes(0x10, 16), Buffer.from('roll out 4.2')])).toString('hex')
    expect(json('entry-2').committed).toEqual({ reason: commitment })
  })

  test('give leaves, roots and tags', () => {
    const tree = new Frontier()
    const roots = [tree.root()]
    for (const entry of entries) {
      tree.append(leafHash(entry))
      roots.push(tree.root())
    }
    expect(vector('leaves').split('\n')).toEqual(entries.map((entry) => leafHash(entry).toString('hex')))
    expect(vector('roots').split('\n')).toEqual(roots.map((root) => root.toString('hex')))
    expect(vector('tags').split('\n')).toEqual(entries.map((entry) => keys.entryTag('api', entry).toString('hex')))
  })

  test('give a checkpoint that we sign and read, and its verifier key', () => {
    const note = `${vector('checkpoint')}\n`
    const checkpoint = readCheckpoint(note, signer.publicKey)
    expect(checkpoint).toMatchObject({ size: 3, epoch: 1, root: Buffer.from(vector('roots').split('\n')[3] ?? '', 'hex') })
    expect(checkpoint && signCheckpoint(signer, checkpoint)).toBe(note)
    expect(vector('verifier-key')).toBe(verifierKey(checkpoint?.log ?? '', signer.publicKey))
  })

  test('give an export that verifies against that checkpoint, and holds those entries', async () => {
    const lines = vector('export').split('\n')
    const outside = { checkpoint: `${vector('checkpoint')}\n`, verifierKey: vector('verifier-key') }
    expect(await verifyLedger(lines, outside)).toMatchObject({ ok: true, anchored: true, size: 3, anchoredTo: 3, findings: [] })
    const inside = lines.map((line) => JSON.parse(line).bytes).filter((text) => text !== undefined)
    expect(inside).toEqual(entries.map((entry) => entry.toString('base64')))
  })

  test('give derived keys, a fact, its digest and its MAC', () => {
    const derived = [deriveKey(bytes(0x00), 'claviger/attestation/v1'), keys.entryKey('api'), keys.roleKey('gateway')]
    expect(vector('derived-keys').split('\n')).toEqual(derived.map((key) => key.toString('hex')))
    const person: FactContent = json('person')
    expect(canonical(person)).toBe(vector('person'))
    const { digest, mac } = keys.attest('person', person, 2)
    expect([digest, mac]).toEqual([vector('person-digest'), vector('person-mac')])
  })

  test('give the digest of a request, as the entry of that request has it', () => {
    const { request, account, target } = json('request')
    expect(vector('request-digests').split('\n')).toEqual([digestOf('target', target), requestDigest(request, account, target)])
    expect(json('entry-2').fields.digest).toBe(requestDigest(request, account, target))
  })

  test('give the digest of an ask, here and in the CLI, and its text where it is sealed', () => {
    const [asker, text] = [json('ask'), json('ask-text')]
    const digest = vector('ask-digest')
    expect(canonical(text)).toBe(vector('ask-text'))
    expect(askDigest(asker, text)).toBe(digest)
    const shown = { id: asker.id, session: asker.session_id, person: { id: asker.person_id }, accountId: asker.account_id, ...text }
    expect(digestOfShown(shown)).toBe(digest)
    const recording = 'rec_vector0001'
    const key = deriveKey(bytes(0x40), `claviger recording 1 asked ${recording}`)
    const row = { ...asker, action: 'query', sealed: hexVector('ask-sealed'), digest }
    expect(openAskedText(key, recording, row)).toEqual({ ok: true, value: text })
    expect(openAskedText(key, recording, { ...row, id: 'ask_vector0002' })).toMatchObject({ error: { code: 'session.ask_altered' } })
    expect(openAskedText(key, 'rec_vector0002', row)).toMatchObject({ error: { code: 'session.ask_altered' } })
  })

  test('give sealed bytes that open in their place, under their key, and the associated data that binds them', () => {
    const place = { location: 'standard', id: 'account/acc_vector0001/password', version: 3 }
    const wrapped = Buffer.from(hexVector('sealed-data-key'), 'hex')
    const dataKey = open(bytes(0x20), { purpose: 'data-key', ...place }, wrapped)
    expect(dataKey).toEqual({ ok: true, value: Buffer.from(bytes(0x40)) })
    const secret = Buffer.from(hexVector('sealed-secret'), 'hex')
    const opened = open(bytes(0x40), { purpose: 'secret', ...place }, secret)
    expect(opened).toEqual({ ok: true, value: Buffer.from('correct horse battery staple') })
    const line = sha256('ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA claviger acc_vector0001').toString('hex')
    const key = { purpose: `secret of ${line}`, location: 'standard', id: 'account/acc_vector0001/ssh-key', version: 3 }
    const withPublic = open(bytes(0x40), key, Buffer.from(hexVector('sealed-with-public'), 'hex'))
    expect(withPublic).toEqual({ ok: true, value: Buffer.from('a private key') })
    const head = wrapped.subarray(0, 3 + (wrapped[2] ?? 0))
    const associated = lengthPrefixed(head, 'data-key', place.location, place.id, String(place.version))
    expect(hexVector('sealed-associated')).toBe(associated.toString('hex'))
    const { wrapped: inEscrow, ciphertext } = json('escrow')
    expect([inEscrow, ciphertext]).toEqual([wrapped.toString('base64'), secret.toString('base64')])
  })

  test('give frames of the keeper socket', () => {
    expect(hexVector('frame-hello')).toBe(encodeFrame({ role: 'gateway', token: 'not-a-real-token' }).toString('hex'))
    expect(hexVector('frame-call')).toBe(encodeFrame({ call: 1, operation: 'gatewayHostKey', args: {} }).toString('hex'))
    const answer = new FrameReader().push(Buffer.from(hexVector('frame-answer'), 'hex'))
    expect(answer).toEqual({ ok: true, value: [{ json: { call: 1, ok: true, value: { done: true } }, payload: Buffer.of(0, 1, 2, 3) }] })
  })

  test('give a manifest as it is signed', () => {
    const text = vector('manifest')
    expect(canonical(JSON.parse(text) as Plain)).toBe(text)
    const signature = Buffer.from(vector('manifest-signature'), 'base64')
    expect(verifyEd25519(signer.publicKey, Buffer.from(`claviger/recording-manifest/v1\n${text}`), signature)).toBe(true)
  })
})
