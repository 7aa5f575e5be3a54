import { describe, expect, test } from 'vitest'
import { CommandFinder } from './commands.ts'
import { readScreenLine } from './screen-line.ts'

const read = (prompt: string, echo: string, columns = 80) =>
  readScreenLine({ size: { columns, rows: 24 }, typed: '', prompt: Buffer.from(prompt), echo: [Buffer.from(echo)] })

describe('reading a command off the screen', () => {
  test.each([
    ['as it was typed', '$ ', 'ls -la', 'ls -la'],
    ['after corrections', '$ ', 'lx\b\x1b[Ks', 'ls'],
    ['after history went through several', '$ ', 'first command\b\b\b\b\b\b\b\b\b\b\b\b\b\x1b[Kls', 'ls'],
    ['after a key in the middle', '$ ', 'ac\b\x1b[1@b', 'abc'],
    ['after a completion that listed', '$ ', 'ls e\x07\r\netc  ext\r\n$ ls etc', 'ls etc'],
    ['after the screen was cleared', '$ ', 'ls\x1b[H\x1b[2J$ ls -l', 'ls -l'],
    ['after a search in the history', '$ ', "\r(reverse-i-search)`': \b\b\be': echo two\r$ echo two\x1b[K", 'echo two'],
    ['behind a prompt in colours', '\x1b]0;title\x07\x1b[32malice@web01\x1b[0m:~$ ', 'id', 'id'],
  ])('%s', async (_how, prompt, echo, command) => {
    expect(await read(prompt, echo)).toBe(command)
  })

  test('joins what the terminal wrapped', async () => {
    expect(await read('$ ', 'echo aaaaaaaaaaaaaaaaaaaa', 10)).toBe('echo aaaaaaaaaaaaaaaaaaaa')
  })

  test('says nothing when the line no longer begins with its prompt', async () => {
    expect(await read('$ ', '\r\x1b[Kmenu> x')).toBeUndefined()
  })

  test('shows nothing of one session to another', async () => {
    await read('$ ', 'first')
    expect(await read('', '')).toBe('')
  })
})

describe('finding commands', () => {
  const screen = (prompt: string, echo: string) => ({
    size: { columns: 80, rows: 24 },
    typed: '',
    prompt: Buffer.from(prompt),
    echo: [Buffer.from(echo)],
  })
  async function find(...lines: { text: string | undefined; screen?: ReturnType<typeof screen>; enteredAt?: number }[]) {
    const found: string[] = []
    const finder = new CommandFinder(({ text, enteredAt }) => found.push(`${enteredAt}:${text}`))
    for (const line of lines) finder.entered({ bytes: new Uint8Array(), enteredAt: 1, screen: undefined, ...line })
    await finder.drain()
    return found
  }

  test('takes what the person saw, and what was typed where it was drawn twice', async () => {
    expect(await find({ text: undefined, screen: screen('$ ', 'ls /etc') })).toEqual(['1:ls /etc'])
    expect(await find({ text: 'ls', screen: screen('', 'l$ ls') })).toEqual(['1:ls'])
    expect(await find({ text: 'echo one\necho two', screen: screen('$ ', 'echo two') })).toEqual(['1:echo one\necho two'])
    expect(await find({ text: 'typed ahead' })).toEqual(['1:typed ahead'])
  })

  test('finds none in an empty line, and none in one that was abandoned', async () => {
    expect(await find({ text: '', screen: screen('$ ', '') })).toEqual([])
    const finder = new CommandFinder(() => expect.unreachable())
    finder.entered({ bytes: Buffer.from('rm\x03'), enteredAt: undefined, text: undefined, screen: screen('$ ', 'rm^C') })
    await finder.drain()
  })

  test('keeps the order in which they were entered', async () => {
    const lines = Array.from({ length: 20 }, (_, i) => ({ text: `c${i}`, enteredAt: i, screen: screen('$ ', `c${i}`) }))
    expect(await find(...lines)).toEqual(lines.map((line) => `${line.enteredAt}:${line.text}`))
  })
})
