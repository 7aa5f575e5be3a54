import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { passwordModifyValue } from './password-modify.ts'
import { readStartTlsAnswer, startTlsRequest } from './start-tls.ts'

/** As slapd 2.5 answers: message 1, extended response, success, no DN, no text. */
const yes = Buffer.from('300c02010178070a010004000400', 'hex')

describe('the answer to StartTLS', () => {
  test('is read with what came behind it', () => {
    expect(readStartTlsAnswer(yes)).toEqual({ resultCode: 0, rest: Buffer.alloc(0) })
    expect(readStartTlsAnswer(Buffer.concat([yes, Buffer.from('more')]))).toEqual({ resultCode: 0, rest: Buffer.from('more') })
    expect(readStartTlsAnswer(Buffer.from('300c02010178070a010234000400'.replace('0234', '0204'), 'hex'))).toMatchObject({ resultCode: 2 })
  })

  test('asks for more until the whole of it is there, at every cut', () => {
    for (let cut = 0; cut < yes.length; cut++) expect(readStartTlsAnswer(yes.subarray(0, cut))).toEqual({ needMore: true })
  })

  test.each([
    ['another protocol', Buffer.from('HTTP/1.1 400 Bad Request\r\n')],
    ['an answer to another message', Buffer.from('300c02010278070a010004000400', 'hex')],
    ['the answer to a bind', Buffer.from('300c02010161070a010004000400', 'hex')],
    ['an answer without end', Buffer.concat([Buffer.from('30840fffffff', 'hex'), Buffer.alloc(5000)])],
    ['a message with nothing in it', Buffer.from('3000', 'hex')],
  ])('is refused when it is %s', (_what, bytes) => {
    expect(readStartTlsAnswer(bytes)).toHaveProperty('bad')
  })

  test('never throws, whatever is sent', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void readStartTlsAnswer(bytes)))
  })
})

test('the request for TLS is the one of RFC 4511', () => {
  expect(Buffer.from(startTlsRequest).toString('latin1')).toBe('0\x1d\x02\x01\x01w\x18\x80\x161.3.6.1.4.1.1466.20037')
})

test('a request to change a password names the entry and carries the bytes of both', () => {
  expect(passwordModifyValue('uid=j', Buffer.from('new'), Buffer.from('old')).toString('latin1')).toBe(
    '0\x11\x80\x05uid=j\x81\x03old\x82\x03new',
  )
  const long = passwordModifyValue('uid=j', Buffer.alloc(300, 'x'))
  expect(long.subarray(0, 4).toString('hex')).toBe(`3082${(7 + 4 + 300).toString(16).padStart(4, '0')}`)
})
