import { expect, test } from 'vitest'
import { readPublicUrl } from './public-url.ts'

test.each([
  [undefined, 'http://localhost:8200', 'localhost'],
  ['https://pam.example.com', 'https://pam.example.com', 'pam.example.com'],
  ['https://PAM.example.com:443/', 'https://pam.example.com', 'pam.example.com'],
  ['https://pam.example.com:8443', 'https://pam.example.com:8443', 'pam.example.com'],
  ['http://claviger.localhost:8200', 'http://claviger.localhost:8200', 'claviger.localhost'],
])('%s is opened at %s, and its passkeys are those of %s', (text, origin, rpId) => {
  expect(readPublicUrl(text, 8200)).toEqual({ ok: true, value: { origin, passkeys: { rpId, origin } } })
})

test.each(['http://127.0.0.1:8200', 'https://192.0.2.7', 'https://[2001:db8::1]', 'http://[::1]:8200'])(
  'at %s, an address of numbers, there are no passkeys',
  (text) => {
    expect(readPublicUrl(text, 8200)).toMatchObject({ ok: true, value: { passkeys: undefined } })
  },
)

test.each([
  'http://pam.example.com',
  'https://pam.example.com/console',
  'https://user:word@pam.example.com',
  'https://pam.example.com?x',
  'ftp://localhost',
  'data:,x',
  'pam.example.com',
  '',
])('%s is refused', (text) => {
  expect(readPublicUrl(text, 8200)).toMatchObject({ ok: false, error: expect.stringContaining('CLAVIGER_PUBLIC_URL') })
})
