import { expect, test } from 'vitest'
import { parseUserName } from './user-name.ts'

const words = { code: 'ssh.user_name_malformed', example: 'ssh alice@deploy@web01@this-host' }

test.each([
  ['alice@deploy@web01', { person: 'alice', account: 'deploy', target: 'web01' }],
  ['alice@corp.example@deploy@web01', { person: 'alice@corp.example', account: 'deploy', target: 'web01' }],
  ['a.b+c@CORP\\admin@dc1.corp.example', { person: 'a.b+c', account: 'CORP\\admin', target: 'dc1.corp.example' }],
  ['alice@HOST1$@web-01', { person: 'alice', account: 'HOST1$', target: 'web-01' }],
])('%s is understood', (name, expected) => {
  expect(parseUserName(name, words)).toEqual({ ok: true, value: expected })
})

test.each([
  [''],
  ['alice'],
  ['alice@web01'],
  ['@@'],
  ['alice@@web01'],
  ['alice@deploy@'],
  ['@deploy@web01'],
  ['alice@deploy@web01\n'],
  ['alice@de ploy@web01'],
  ['alice@deploy@web01\u0000'],
  ['ali\u001bce@deploy@web01'],
  ['älice@deploy@web01'],
  ['alice@-oProxyCommand=x@web01'],
  ["alice@deploy'; drop table person; --@web01"],
  [`${'a'.repeat(300)}@deploy@web01`],
  [`alice@${'d'.repeat(65)}@web01`],
  ['@'.repeat(250)],
])('%j is refused with a sentence that repeats nothing of it', (name) => {
  const parsed = parseUserName(name, words)
  expect(parsed).toMatchObject({ ok: false, error: { code: 'ssh.user_name_malformed', final: true } })
  if (parsed.ok) return
  expect(parsed.error.say).toMatch(/Connect as person@account@target/)
  expect(parsed.error.say).toMatch(/^[\x20-\x7e]+$/)
})

test('a megabyte of name is refused without being looked at', () => {
  expect(parseUserName('@'.repeat(1 << 20), words).ok).toBe(false)
})
