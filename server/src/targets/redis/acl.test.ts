import { expect, test } from 'vitest'
import { parseAclLine } from './acl.ts'

const hash = `#${'0a'.repeat(32)}`
const powersOf = (rules: string) => parseAclLine(`user app on ${hash} ${rules}`)?.powers ?? []

test.each([
  ['everything', '~* &* +@all'],
  ['what is dangerous', '~* resetchannels -@all +@dangerous'],
  ['what administrators have', '-@all +@admin'],
  ['one command that changes users', '-@all +acl|setuser'],
  ['all of ACL', '-@all +get +acl'],
  ['an old word for everything', 'allcommands'],
  ['everything but what does not take it back', '+@all -debug -shutdown'],
  ['a selector that allows it', '-@all +get (%R~x* +config|set)'],
])('a user with %s is privileged', (_what, rules) => {
  expect(powersOf(rules).length).toBeGreaterThan(0)
})

test.each([
  ['data alone', '~* -@all +@read +@write'],
  ['everything but the dangerous', '~* +@all -@admin -@dangerous'],
  ['a power that a later rule takes', '-@all +config|set -config'],
  ['nothing', 'nocommands'],
  ['everything, taken back', '+@all nocommands +get'],
  ['what belongs to work with data', '~* -@all +flushall +restore'],
])('a user with %s is not', (_what, rules) => {
  expect(powersOf(rules)).toEqual([])
})

test('tells on, off, without a password and several passwords apart', () => {
  expect(parseAclLine('user default on nopass ~* &* +@all')).toMatchObject({ name: 'default', on: true, nopass: true, passwords: 0 })
  expect(parseAclLine(`user old off ${hash} #${'0b'.repeat(32)} -@all`)).toMatchObject({
    name: 'old',
    on: false,
    nopass: false,
    passwords: 2,
  })
})

test.each(['', 'user', 'user x', 'nonsense', 'user  on', '(', `user a (${'('.repeat(2_000)}`])('never throws at %j', (line) => {
  expect(() => parseAclLine(line)).not.toThrow()
})
