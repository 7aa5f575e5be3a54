import { expect, test } from 'vitest'
import { explainIdentity } from './index.ts'

test('a refusal of ours says what to do', () => {
  expect(explainIdentity({ code: 'identity.wrong_credentials', left: 1 })).toEqual({
    http: 401,
    body: {
      code: 'identity.wrong_credentials',
      message: 'Name or password is not right; 1 try left before this name is locked. Try again.',
    },
  })
})

test.each([
  ['factor.locked', 429],
  ['presence.expired', 401],
  ['keeper.unreachable', 503],
  ['enrolment.used', 410],
  ['keeper.forged_row', 403],
  ['some.new_code', 403],
])('the keeper’s refusal %s keeps its own words, with status %i', (code, http) => {
  expect(explainIdentity({ code, message: 'Do this.' })).toEqual({ http, body: { code, message: 'Do this.' } })
})
