import { describe, expect, test } from 'vitest'
import { makeSigner, signCheckpoint } from '../../test/sample-ledger.ts'
import { parseCheckpoint, parseVerifierKey, signatureOf } from './note.ts'
import { sha256 } from './tree.ts'

// The example of the C2SP signed-note specification, made with the note package of the Go checksum database.
const publishedKey = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW'
const publishedText = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
const publishedSignature = 'x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM='

describe('a signed checkpoint', () => {
  const signer = makeSigner()
  const note = signCheckpoint(7, sha256('a root'), signer)

  test('is read as what it says', () => {
    expect(parseCheckpoint(note)).toMatchObject({
      size: 7,
      root: sha256('a root'),
      extensions: ['epoch 1', 'time 2026-01-02T10:00:00.000Z'],
    })
  })

  test('is signed by its key, and by no other', () => {
    const checkpoint = parseCheckpoint(note)
    const [key, other] = [parseVerifierKey(signer.verifierKey), parseVerifierKey(makeSigner().verifierKey)]
    if (!checkpoint || !key || !other) throw new Error('the sample is malformed')
    expect(signatureOf(checkpoint, key)).toBe('valid')
    expect(signatureOf(checkpoint, other)).toBe('unknown')
    expect(signatureOf({ ...checkpoint, text: checkpoint.text.replace('7', '8') }, key)).toBe('invalid')
  })

  test('is checked as the published example of signed notes says', () => {
    const key = parseVerifierKey(publishedKey)
    const bytes = Buffer.from(publishedSignature, 'base64')
    const signatures = [{ name: 'PeterNeumann', keyHash: bytes.subarray(0, 4).toString('hex'), signature: bytes.subarray(4) }]
    if (!key) throw new Error('the published key is malformed')
    const published = { origin: '', size: 0, root: sha256(), extensions: [], text: publishedText, signatures }
    expect(signatureOf(published, key)).toBe('valid')
    expect(signatureOf({ ...published, text: publishedText.replace('If', 'if') }, key)).toBe('invalid')
  })

  test.each([
    ['without its last newline', note.slice(0, -1)],
    ['without the empty line', note.replace('\n\n', '\n')],
    ['with a size that has a leading zero', note.replace('\n7\n', '\n07\n')],
    ['with a short root', note.replace(/\n[A-Za-z0-9+/]{43}=\n/, '\nAAAA\n')],
    ['with something else than a signature at its end', `${note}hello\n`],
    ['that is nothing', ''],
  ])('is refused %s', (_how, spoilt) => {
    expect(parseCheckpoint(spoilt)).toBeUndefined()
  })

  test('with a key whose hash is not its own is refused', () => {
    expect(parseVerifierKey(signer.verifierKey)).toBeDefined()
    expect(parseVerifierKey(signer.verifierKey.replace('claviger', 'klaviger'))).toBeUndefined()
  })
})
