import { expect, test } from 'vitest'
import { placeOf } from './use-passkeys.ts'

test.each([
  ['on the page of that name', 'http://localhost:8200', true, { kind: 'here' }],
  ['in a browser that does not know them', 'http://localhost:8200', false, { kind: 'old-browser' }],
  ['by the address in numbers of the same server', 'http://127.0.0.1:8200', true, { kind: 'elsewhere', at: 'http://localhost:8200' }],
  ['by the same name at another port', 'http://localhost:8201', true, { kind: 'elsewhere', at: 'http://localhost:8200' }],
])('%s', (_where, origin, known, place) => {
  expect(placeOf('http://localhost:8200', origin, known)).toEqual(place)
})

test('there are none where the server is opened by numbers', () => {
  expect(placeOf(null, 'https://192.0.2.7', true)).toEqual({ kind: 'nowhere' })
})
