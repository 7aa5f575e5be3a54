import { describe, expect, test } from 'vitest'
import { castText, playCast } from './play.ts'
import { readCast } from './read.ts'
import { screenText } from './screen-text.ts'
import { TerminalFilter, terminalSafe } from './terminal-safe.ts'

const header = '{"version":2,"width":100,"height":30,"title":"deploy@web01"}'
const cast = [header, '[0.5,"o","$ "]', '[1.0,"i","ls\\r"]', '[1.1,"o","\\u001b[31mred\\u001b[0m\\r\\n"]', '[900,"o","$ "]'].join('\n')

describe('a recording', () => {
  test('is read with its size and events', () => {
    expect(readCast(cast)).toMatchObject({ width: 100, height: 30, title: 'deploy@web01' })
    expect(readCast(cast).events).toHaveLength(4)
  })

  test.each(['', 'hello', '{"version":1}', `${header}\nhello`, `${header}\n["o",1,2]`])('that is none is refused: %j', (text) => {
    expect(() => readCast(text)).toThrow('The recording cannot be read')
  })

  test('is dumped as what was shown, without colours and input', () => {
    expect(castText(readCast(cast))).toBe('$ red\n$\n')
  })

  test('is played in order, long pauses cut short, and the terminal left usable', async () => {
    const written: string[] = []
    await playCast(readCast(cast), { speed: 1000, idleLimit: 2 }, (text) => written.push(text))
    expect(written.slice(0, 3)).toEqual(['$ ', '\u001b[31mred\u001b[0m\r\n', '$ '])
    expect(written.at(-1)).toContain('\u001b[?25h')
  })

  test('stops when it is interrupted', async () => {
    const written: string[] = []
    const interrupt = new AbortController()
    const write = (text: string) => {
      written.push(text)
      if (text.includes('red')) interrupt.abort()
    }
    await playCast(readCast(cast), { speed: 1, idleLimit: 0.01 }, write, interrupt.signal)
    expect(written.slice(0, -1)).toEqual(['$ ', '\u001b[31mred\u001b[0m\r\n'])
  })
})

describe('a dump as text', () => {
  test.each([
    ['what was typed over', 'cat\rdog\r\n', 'dog\n'],
    ['what was rubbed out', 'cats\b\u001b[K\r\n', 'cat\n'],
    ['what was put in between', 'ct\b\u001b[@a\r\n', 'cat\n'],
    ['a line that the margin broke, as readline draws it', '0123456789a\rabc\r\n', '0123456789abc\n'],
    ['a line that fills the row and ends', '0123456789\r\nabc\r\n', '0123456789\nabc\n'],
    ['tabs and colours', '\u001b[31ma\tb\u001b[0m\r\n', 'a       b\n'],
    ['characters of several bytes', 'Grüße 🔑\r\n', 'Grüße 🔑\n'],
    ['no other control characters', 'a\u0007\u0085\u001b(Bb\n', 'ab\n'],
  ])('shows %s', (_what, output, text) => {
    expect(screenText(output, 10)).toBe(text)
  })
})

describe('playing keeps from the terminal', () => {
  test.each([
    ['writing the clipboard', '\u001b]52;c;aGVsbG8=\u0007'],
    ['the window title', '\u001b]0;title\u001b\\'],
    ['a link', '\u001b]8;;http://example.com\u0007'],
    ['device control strings', '\u001bPq#0;2;0;0;0\u001b\\'],
    ['a question that the terminal would type an answer to', '\u001b[6n\u001b[c\u001b[>0c\u001b[21t\u001b[?2026$p'],
    ['a string that never ends', '\u001b]0;abc'],
  ])('%s', (_what, output) => {
    expect(terminalSafe(`a${output}`)).toBe('a')
  })
  test('what is cut into pieces to slip through', () => {
    for (let cut = 1; cut < 12; cut++) {
      const filter = new TerminalFilter()
      const whole = 'a\u001b]52;c;aGVsbG8=\u0007b\u001b[6nc'
      expect(filter.pass(whole.slice(0, cut)) + filter.pass(whole.slice(cut)), `cut at ${cut}`).toBe('abc')
    }
  })
  test('nothing that draws', () => {
    const drawing = '\u001b[2J\u001b[10;20H\u001b[1;31mred\u001b[0m\u001b[?1049h\u001b(B'
    expect(terminalSafe(drawing)).toBe(drawing)
  })
})
