import { expect, test } from 'vitest'
import { howToComeIn } from './ssh-sign-in.ts'

test('each way that is accepted is named, and no other', () => {
  expect(howToComeIn(['certificate'])).toBe('You come in with the certificate of claviger login.')
  expect(howToComeIn(['key+code', 'password+code'])).toBe(
    'You come in with a key of your profile and a code, or with your password and a code.',
  )
})
