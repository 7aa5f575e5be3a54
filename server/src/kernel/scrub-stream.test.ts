import fc from 'fast-check'
import { expect, test } from 'vitest'
import { scrubStream, scrubStreams } from './scrub-stream.ts'
import { Secret } from './secret.ts'

/** Puts `text` through in pieces of `size` bytes and lets out what may go early after each. */
function through(text: string, secret: string, size: number, early = false): string {
  const stream = scrubStream(Buffer.from(secret))
  const bytes = Buffer.from(text)
  const out: Buffer[] = []
  for (let at = 0; at < bytes.length; at += size) {
    out.push(Buffer.from(stream.push(bytes.subarray(at, at + size))))
    if (early) out.push(Buffer.from(stream.early()))
  }
  out.push(stream.end())
  return Buffer.concat(out).toString()
}

const secret = 'kT9#vvQ2-aaab'

test.each([1, 2, 3, 5, 7, 13, 64, 4096])('a credential is masked whole, in pieces of %i bytes', (size) => {
  const text = `before ${secret} between ${secret}${secret} after kT9#vv\n`
  expect(through(text, secret, size)).toBe(text.replaceAll(secret, '*'.repeat(secret.length)))
})

test('when pieces are let out early, at most the first three bytes of a credential are seen', () => {
  expect(through(`x${secret}y`, secret, 1, true)).toBe(`xkT9${'*'.repeat(secret.length - 3)}y`)
})

test('a letter that begins the credential is held, let out early, and not shown twice', () => {
  const stream = scrubStream(Buffer.from(secret))
  expect(stream.push(Buffer.from('$ k')).toString()).toBe('$ ')
  expect(stream.waits).toBe(true)
  expect(stream.early().toString()).toBe('k')
  expect(stream.waits).toBe(false)
  expect(stream.push(Buffer.from('ubectl')).toString()).toBe('ubectl')
})

test('a credential cut off by the end of the stream is masked as far as it came', () => {
  expect(through('x kT9#vvQ2', secret, 4)).toBe('x ********')
  expect(through('x kT', secret, 4)).toBe('x kT')
})

test('copies that overlap are masked whole', () => {
  expect(through('xabababay', 'ababa', 64)).toBe('x*******y')
})

test('the piece that was given is not changed', () => {
  const piece = Buffer.from(`a ${secret}`)
  scrubStream(Buffer.from(secret)).push(piece)
  expect(piece.toString()).toBe(`a ${secret}`)
})

test('however the bytes are cut, nothing is lost, nothing is added and no credential gets through', () => {
  const letters = fc.constantFrom('a', 'b', 'c')
  const word = (min: number, max: number) => fc.array(letters, { minLength: min, maxLength: max }).map((all) => all.join(''))
  fc.assert(
    fc.property(word(4, 8), fc.array(word(0, 12), { maxLength: 12 }), fc.boolean(), (credential, pieces, early) => {
      const stream = scrubStream(Buffer.from(credential))
      const out: Buffer[] = []
      for (const piece of pieces) {
        out.push(Buffer.from(stream.push(Buffer.from(piece))))
        if (early) out.push(Buffer.from(stream.early()))
      }
      out.push(stream.end())
      const text = pieces.join('')
      const seen = Buffer.concat(out).toString()
      expect(seen.length).toBe(text.length)
      expect(seen).not.toContain(credential)
      for (let i = 0; i < text.length; i += 1) expect([text[i], '*']).toContain(seen[i])
    }),
  )
})

test('without a credential everything passes, and the lent credential is still there afterwards', async () => {
  const [open] = await scrubStreams(undefined, 1)
  expect(open?.push(Buffer.from('x')).toString()).toBe('x')
  const credential = Secret.fromText(secret)
  const streams = await scrubStreams(credential, 2)
  expect(streams.map((s) => s.push(Buffer.from(secret)).toString())).toEqual(['*'.repeat(13), '*'.repeat(13)])
  await credential.lend('scrub-from-output', (bytes) => expect(Buffer.from(bytes).toString()).toBe(secret))
})

test('what a credential does not touch passes as it is, and what holds it or begins it is known to', () => {
  const letters = fc.constantFrom('a', 'b', 'c')
  const word = (min: number, max: number) => fc.array(letters, { minLength: min, maxLength: max }).map((all) => all.join(''))
  fc.assert(
    fc.property(word(1, 8), word(0, 40), (credential, text) => {
      const stream = scrubStream(Buffer.from(credential))
      const touched = stream.touches(Buffer.from(text))
      const through = Buffer.concat([stream.push(Buffer.from(text)), stream.end()]).toString()
      if (!touched) expect(through).toBe(text)
      if (through !== text) expect(touched).toBe(true)
    }),
  )
})
