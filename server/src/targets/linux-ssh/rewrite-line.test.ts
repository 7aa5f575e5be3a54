import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { rewriteLine } from './rewrite-line.ts'

const rewritten = (file: string, line: string, as: 'plain' | 'json' | 'shell' | 'url', secret: string) => {
  const done = rewriteLine(Buffer.from(file), line, as, Buffer.from(secret))
  return done.ok ? done.value.toString() : { not: done.error }
}

describe('the line of a file that holds a credential', () => {
  test.each([
    ['HOST=db\nDB_PASSWORD=old\nPORT=1\n', 'DB_PASSWORD={secret}', 'plain', 'HOST=db\nDB_PASSWORD=n"ew\\\nPORT=1\n'],
    ['db:\n  password: "old"\r\n', 'password: "{secret}"', 'json', 'db:\n  password: "n\\"ew\\\\"\r\n'],
    ["export P='old' \n", "export P='{secret}'", 'shell', "export P='n\"ew\\' \n"],
    ['URL=postgres://app:old@db/x', 'URL=postgres://app:{secret}@db/x', 'url', 'URL=postgres://app:n%22ew%5C@db/x'],
  ] as const)('%j keeps all but the credential', (file, line, as, expected) => {
    expect(rewritten(file, line, as, 'n"ew\\')).toBe(expected)
  })

  test.each([
    ['no line is like it', 'A=1\n', 'B={secret}', 'x'],
    ['two lines are like it', 'A=1\nA=2\n', 'A={secret}', 'x'],
    ['a quote would end it early', 'A="1"\n', 'A="{secret}"', 'x"; B="'],
    ['it has several lines', 'A=1\n', 'A={secret}', 'x\nB=2'],
  ])('is not touched when %s', (_why, file, line, secret) => {
    expect(rewritten(file, line, 'plain', secret)).toHaveProperty('not')
  })

  test('says nothing of the credential when it refuses', () => {
    expect(JSON.stringify(rewritten('A="1"\n', 'A="{secret}"', 'plain', 'hunter2"'))).not.toContain('hunter2')
  })

  test('holds what it was given, as whoever reads it reads it, whatever that is', () => {
    const text = fc.string({ unit: fc.constantFrom(...'aZ0"\'\\$%{} é€\t#;&'), minLength: 1, maxLength: 30 })
    fc.assert(
      fc.property(text, (secret) => {
        const json = rewritten('A="old"', 'A="{secret}"', 'json', secret) as string
        expect(JSON.parse(json.slice(2))).toBe(secret)
        const url = rewritten('A=old', 'A={secret}', 'url', secret) as string
        expect(decodeURIComponent(url.slice(2))).toBe(secret)
        const shell = rewritten("A='old'", "A='{secret}'", 'shell', secret) as string
        expect(shell.slice(3, -1).replaceAll("'\\''", "'")).toBe(secret)
      }),
    )
  })
})
