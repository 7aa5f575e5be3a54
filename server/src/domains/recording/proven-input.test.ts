import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { InputProof } from './proven-input.ts'

/** `>` typed, `<` shown. Escapes as in JavaScript. */
type Step = `>${string}` | `<${string}`

function watch(steps: readonly Step[], { end = true } = {}) {
  const seen: { proven: string[]; unproven: string; lines: (string | undefined)[] } = { proven: [], unproven: '', lines: [] }
  const proof = new InputProof({
    proven: (line) => {
      seen.proven.push(Buffer.from(line.bytes).toString('latin1'))
      if (line.enteredAt !== undefined) seen.lines.push(line.text)
    },
    unproven: (bytes) => {
      seen.unproven += Buffer.from(bytes).toString('latin1')
    },
  })
  for (const [at, step] of steps.entries()) {
    const bytes = Buffer.from(step.slice(1), 'latin1')
    if (step[0] === '>') proof.input(bytes, at)
    else proof.output(bytes)
  }
  if (end) proof.end()
  return { ...seen, pending: Buffer.from(proof.pending).toString('latin1') }
}

/** As bash sends it: bracketed paste on at the prompt, off while a command runs. */
const prompt: Step = '<\x1b[?2004h$ '
const entered: Step = '<\r\n\x1b[?2004l\r'

describe('input is proven', () => {
  test.each<[string, Step[], string[]]>([
    ['when each key is echoed', [prompt, '>l', '<l', '>s', '<s', '>\r', entered, '<file\r\n', prompt], ['ls\r']],
    ['when a whole line is', [prompt, '>ls\r', '<ls\r\n\x1b[?2004l\rfile\r\n'], ['ls\r']],
    ['when the echo comes in pieces', [prompt, '>ls\r', '<l', '<s', '<\r', '<\n'], ['ls\r']],
    ['when it is one Enter', [prompt, '>\r', entered], ['\r']],
    ['when the prompt is not quite there yet', ['<$', '>ls\r', '< ', '<ls\r\n'], ['ls\r']],
    ['over a slow link, where all echoes come after all keys', [prompt, '>l', '>s', '>\r', '<l', '<s', entered], ['ls\r']],
    ['with what was wiped by backspace', [prompt, '>lx', '<lx', '>\x7f', '<\b\x1b[K', '>s', '<s', '>\r', entered], ['lx\x7fs\r']],
    ['with what was wiped by the terminal driver', [prompt, '>lx\x7fs\r', '<lx\b \bs\r\n'], ['lx\x7fs\r']],
    ['with a key in the middle of the line', [prompt, '>ac', '<ac', '>\x1b[D', '<\b', '>b', '<bc\b', '>\r', entered], ['ac\x1b[Db\r']],
    [
      'with an insert sequence of the terminal',
      [prompt, '>ac', '<ac', '>\x1b[D', '<\b', '>b', '<\x1b[1@b', '>\r', entered],
      ['ac\x1b[Db\r'],
    ],
    ['with completion', [prompt, '>ls /et', '<ls /et', '>\t', '<c/', '>\r', entered], ['ls /et\t\r']],
    [
      'with completion that lists',
      [prompt, '>ls e', '<ls e', '>\t\t', '<\x07', '<\r\netc  ext\r\n$ ls e', '>t', '<t', '>\r', entered],
      ['ls e\t\tt\r'],
    ],
    ['with history', [prompt, '>\x1b[A', '<ls -la', '>\r', entered], ['\x1b[A\r']],
    ['with history and Enter before the answer', [prompt, '>\x1b[A\r', '<ls -la\r\n'], ['\x1b[A\r']],
    ['when abandoned', [prompt, '>rm -rf', '<rm -rf', '>\x03', '<^C\r\n', prompt], ['rm -rf\x03']],
    ['over the end of the terminal line', [prompt, '>ab', '<a \rb', '>\r', entered], ['ab\r']],
    ['in a line editor that draws the line again', [prompt, '>l', '<l', '>s', '<\bls', '>\r', '<\x1b[?2004l\r\r\n'], ['ls\r']],
    ['in one that draws all of it at Enter', [prompt, '>echo hi\r', '<e\becho ', '<hi\b\b\b\b\b\b\becho hi\r\x1b[9C\r\n'], ['echo hi\r']],
    ['in one that shows what could follow', [prompt, '>l', '<l', '<s -la\b\b\b\b\b', '>s', '<s', '>\r', '<\x1b[K\r\n'], ['ls\r']],
    ['beyond ASCII', [prompt, '>gr\xc3\xbc\xc3\x9f\r', '<gr\xc3\xbc\xc3\x9f\r\n'], ['gr\xc3\xbc\xc3\x9f\r']],
    [
      'pasted',
      [
        prompt,
        '>\x1b[200~echo a\rb\x1b[201~',
        '<\x1b[7mecho a\x1b[27m\r\n\r\x1b[7mb\x1b[27m',
        '>\r',
        '<\x1b[A\r\x1b[C\x1b[Cecho a\r\n\rb\r\n',
      ],
      ['\x1b[200~echo a\rb\x1b[201~\r'],
    ],
    [
      'typed ahead while a command runs',
      [prompt, '>sleep 1\r', '<sleep 1', entered, '>ls\r', '<ls\r\n', prompt, '<ls\r\n'],
      ['sleep 1\r', 'ls\r'],
    ],
    ['typed ahead and shown only at the next prompt', [prompt, '>a\rb\r', '<a\r\n', '<out\r\n', prompt, '<b\r\n'], ['a\r', 'b\r']],
    ['typed before the first prompt', ['>ls\r', '<Welcome\r\n', prompt, '<ls\r\n'], ['ls\r']],
    [
      'after a full-screen program',
      [prompt, '>vi\r', '<vi\r\n', '<\x1b[?1049h~', '>:q\r', '<:q', '<\x1b[?1049l', prompt, '>ls\r', '<ls\r\n'],
      ['vi\r', 'ls\r'],
    ],
    ['after a key that a pager took', ['<--More--', '>q', '<\r\x1b[K', prompt, '>ls\r', '<ls\r\n'], ['ls\r']],
  ])('%s', (_when, steps, proven) => {
    expect(watch(steps).proven).toEqual(proven)
  })

  test('line by line, with the text as typed where that is what was entered', () => {
    expect(watch([prompt, '>ls\r', '<ls\r\n', prompt, '>\x1b[A\r', '<ls\r\n']).lines).toEqual(['ls', undefined])
  })
})

describe('input stays unproven', () => {
  const asks: Step = '<[sudo] password for alice: '
  test.each<[string, Step[], string]>([
    ['at an echo-off prompt', [asks, '>h', '>unter2', '>\r', '<\r\n', prompt], 'hunter2\r'],
    ['at a prompt that says nothing of a secret', ['<Magic: ', '>hunter2\r', '<\r\n', prompt], 'hunter2\r'],
    ['without any prompt', [prompt, '>read -s p\r', '<read -s p\r\n\x1b[?2004l\r', '>hunter2\r', prompt], 'hunter2\r'],
    ['when asterisks are shown for it', ['<Unlock: ', '>h', '<*', '>u', '<*', '>\r', '<\r\n'], 'hu\r'],
    ['when asterisks are shown for asterisks', ['<Unlock: ', '>*', '<*', '>*', '<*', '>\r', '<\r\n'], '**\r'],
    ['where a password is asked for, even when it is echoed', ['<Enter password: ', '>hunter2\r', '<hunter2\r\n'], 'hunter2\r'],
    ['where a password is asked for on the line above', ['<Passwort:\r\n', '>hunter2\r', '<hunter2\r\n'], 'hunter2\r'],
    [
      'after the person turned the echo off',
      [prompt, '>stty -echo\r', '<stty -echo\r\n', prompt, '>id\r', '<uid=0(root)\r\n', prompt],
      'id\r',
    ],
    ['when the output only begins like it', ['<Name: ', '>Welcome1\r', '<Welcome back\r\n'], 'Welcome1\r'],
    ['when the output has its letters, in order, between others', ['<Name: ', '>cat\r', '<crab at\r\n'], 'cat\r'],
    ['when the output has it later, in a sentence', ['>hunter2\r', '<', '<your password hunter2\r\n', prompt], 'hunter2\r'],
    [
      'when a later line is proven first',
      [prompt, '>read -s p\r', '<read -s p\r\n', '>hunter2\r', prompt, '>echo $p\r', '<echo $p\r\n', '<hunter2\r\n'],
      'hunter2\r',
    ],
    [
      'typed ahead of the prompt that hides it',
      [prompt, '>sudo id\rhunter2\r', '<sudo id\r\n', asks, '<\r\n', '<uid=0\r\n', prompt],
      'hunter2\r',
    ],
    ['in a full-screen program, also when it is shown', ['<\x1b[?1049h', '>ihello\r', '<ihello\r\n'], 'ihello\r'],
    ['when a key takes it back, wiped and typed again', [asks, '>hunter1\x15hunter2\r', '<\r\n'], 'hunter1\x15hunter2\r'],
    ['when others talk between its keys', ['<Magic: ', '>h', '<a broadcast\r\n', '>unter2\r', '<\r\n', prompt], 'hunter2\r'],
    ['when its line never ended', [prompt, '>ls', '<ls'], 'ls'],
    ['when it is longer than any command line', [prompt, `>${'x'.repeat(5000)}`], 'x'.repeat(5000)],
    ['when it is the terminal that answers', ['<\x1b[c', '>\x1b[?1;2c', prompt], '\x1b[?1;2c'],
    ['when it is the end of the input', [prompt, '>\x04', '<exit\r\n'], '\x04'],
  ])('%s', (_when, steps, hidden) => {
    const seen = watch(steps)
    expect(seen.unproven).toBe(hidden)
    expect(seen.proven.join('')).not.toContain('hunter2')
  })

  test('once so much came that its echo cannot come any more, and not because time went by', () => {
    const waits = watch([prompt, '>x\r', ...Array.from({ length: 3 }, (): Step => `<${'.'.repeat(100)}`)], { end: false })
    expect(waits).toMatchObject({ proven: [], unproven: 'x\r', pending: '' })
    const ahead = watch(['>ls\r', `<${'-'.repeat(1000)}\r\n`], { end: false })
    expect(ahead).toMatchObject({ proven: [], unproven: '', pending: 'ls\r' })
    const flooded = watch(['>ls\r', ...Array.from({ length: 70 }, (): Step => `<${'-'.repeat(1000)}\r\n`)], { end: false })
    expect(flooded).toMatchObject({ proven: [], unproven: 'ls\r', pending: '' })
  })
})

describe('whatever is typed and shown', () => {
  const alphabet = fc.constantFrom(
    'a',
    'b',
    ' ',
    '\r',
    '\n',
    '\x7f',
    '\t',
    '\x03',
    '\x04',
    '*',
    '$',
    ':',
    '\x1b',
    '[',
    'A',
    '\x1b[A',
    '\x1b[200~',
    '\x1b[201~',
    '\x1b[?1049h',
    '\x1b[?1049l',
    'Password: ',
    '\r\n$ ',
  )
  const words = fc.array(alphabet, { maxLength: 8 }).map((all) => all.join(''))
  const steps = fc.array(
    fc.tuple(fc.constantFrom('>' as const, '<' as const), words).map(([to, text]): Step => `${to}${text}`),
    { maxLength: 30 },
  )

  test('each typed byte is decided once, in order, and is among the pending ones until then', () => {
    fc.assert(
      fc.property(steps, (all) => {
        let typed = ''
        let settled = ''
        const add = (bytes: Uint8Array) => {
          settled += Buffer.from(bytes).toString('latin1')
        }
        const proof = new InputProof({ proven: (line) => add(line.bytes), unproven: add })
        for (const step of all) {
          const bytes = Buffer.from(step.slice(1), 'latin1')
          if (step[0] === '>') {
            typed += bytes.toString('latin1')
            proof.input(bytes, 0)
          } else proof.output(bytes)
          expect(settled + Buffer.from(proof.pending).toString('latin1')).toBe(typed)
          expect(proof.settled).toBe(settled.length)
        }
        proof.end()
        expect(settled).toBe(typed)
      }),
      { numRuns: 500 },
    )
  })

  test('what is proven of a plainly typed line stands in the output, in that order', () => {
    fc.assert(
      fc.property(steps, (all) => {
        let shown = ''
        const proof = new InputProof({
          unproven: () => {},
          proven: ({ text }) => {
            let at = 0
            for (const letter of text ?? '') {
              at = shown.indexOf(letter, at) + 1
              expect(at).toBeGreaterThan(0)
            }
          },
        })
        for (const step of all) {
          if (step[0] === '<') shown += step.slice(1)
          const bytes = Buffer.from(step.slice(1), 'latin1')
          if (step[0] === '>') proof.input(bytes, 0)
          else proof.output(bytes)
        }
      }),
      { numRuns: 500 },
    )
  })

  test('a line typed in one go is never proven unless the output holds it in one run', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b', 'c', '*'), minLength: 1, maxLength: 4 })
    const screens = fc.array(fc.string({ unit: fc.constantFrom('a', 'b', 'c', '*', ' ', '\r\n', '$ '), maxLength: 12 }), { maxLength: 5 })
    fc.assert(
      fc.property(letters, screens, screens, (line, before, after) => {
        const { proven } = watch([...before.map((text): Step => `<${text}`), `>${line}\r`, ...after.map((text): Step => `<${text}`)])
        // spaces may stand between, as at the end of a wrapped line
        if (proven.length > 0) expect(after.join('').replaceAll(' ', '')).toContain(`${line}\r\n`)
      }),
      { numRuns: 2000 },
    )
  })
})
