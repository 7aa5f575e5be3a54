import { describe, expect, test } from 'vitest'
import { readAccounts, refusalIn } from './accounts.ts'
import { fill, vendorDescription } from './vendor.ts'
import { ciscoIos } from './vendors/cisco-ios.ts'

describe('the description of a vendor', () => {
  const wrong: [string, object][] = [
    ['with a place for something else', { change: { ...ciscoIos.change, set: 'username {account} secret {command}' } }],
    ['with a line end in a command', { change: { ...ciscoIos.change, set: 'username {account}\nreload' } }],
    ['with more than it knows', { code: 'process.exit()' }],
    ['without a prompt', { prompts: { user: '>', privileged: '#' } }],
  ]
  test.each(wrong)('%s is refused', (_what, over) => {
    expect(vendorDescription.safeParse({ ...ciscoIos, ...over }).success).toBe(false)
  })

  test('is filled in with bytes, which say what they are even where they look like a place', () => {
    const line = fill('username {account} secret 0 {password}', { account: 'a', password: Buffer.from('{account}') })
    expect(line.toString()).toBe('username a secret 0 {account}\n')
  })
})

describe('what a device shows', () => {
  test('is read as accounts at every cut, and never throws', () => {
    const text = 'show running-config | include ^username\r\nusername a privilege 15 secret 9 $9$x\r\nusername b secret 5 y\r\nsw01'
    for (let end = 0; end <= text.length; end++) expect(() => readAccounts(text.slice(0, end), ciscoIos)).not.toThrow()
    expect(readAccounts(text, ciscoIos)).toEqual([
      { name: 'a', privilege: '15' },
      { name: 'b', privilege: '' },
    ])
  })

  test.each([
    ["x\r\n% Invalid input detected at '^' marker.", 'unknown'],
    ['% Authorization failed.', 'right'],
    ['% Password length must be at least 12 characters', 'password'],
    ['% Something that nobody described', 'unknown'],
    ['all is well', undefined],
  ])('%j is a refusal of kind %s', (text, kind) => {
    expect(refusalIn(text, ciscoIos)).toBe(kind)
  })
})
