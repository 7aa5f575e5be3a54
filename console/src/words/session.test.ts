import { describe, expect, test } from 'vitest'
import { keystrokesInWords, verificationInWords } from './session.ts'

const verified = { ok: true, chunks: 14, head: 'ab'.repeat(32), interrupted: false, message: 'ok' }

describe('the verification of a recording', () => {
  test('is green only when every chunk holds', () => {
    expect(verificationInWords(verified)).toMatchObject({
      tone: 'good',
      sentence: 'All 14 chunks hold together, unchanged since they were sealed.',
    })
  })
  test('repeats what the server found when it fails', () => {
    const failed = verificationInWords({ ...verified, ok: false, message: 'Chunk 7 was changed.' })
    expect(failed).toEqual({ word: 'Does not verify', tone: 'bad', sentence: 'Chunk 7 was changed.' })
  })
  test('does not say so of one that is still written', () => {
    expect(verificationInWords({ ...verified, interrupted: true, message: 'It has no end.' }, true)).toEqual({
      ...{ word: 'Verified so far', tone: 'good' },
      sentence: 'All 14 chunks hold together; the session goes on, and so does its recording.',
    })
    expect(verificationInWords({ ...verified, ok: false, interrupted: true, message: 'Chunk 7 was changed.' }, true).tone).toBe('bad')
  })
  test('says that an interrupted one was cut short', () => {
    expect(verificationInWords({ ...verified, interrupted: true, message: 'The gateway stopped.' }).sentence).toContain(
      'cut short: The gateway stopped.',
    )
  })
})

describe('keystrokes', () => {
  test('say that nothing was typed unseen', () =>
    expect(keystrokesInWords({ proven: 40, unproven: 0 })).toContain('nothing was typed unseen'))
  test('say that there were none', () => expect(keystrokesInWords({ proven: 0, unproven: 0 })).toBe('Nothing was typed.'))
  test('say what stays sealed', () =>
    expect(keystrokesInWords({ proven: 40, unproven: 12 })).toContain('12 were not (passwords, for example)'))
})
