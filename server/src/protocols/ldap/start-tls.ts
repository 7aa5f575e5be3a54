import { element, readElement } from './ber.ts'

/** A directory that wants TLS started answers in a line; one that sends more is none that we know. */
const longest = 4096
const sequence = 0x30
const integer = 0x02
const enumerated = 0x0a
const extendedRequest = 0x77
const extendedResponse = 0x78

/** LDAPMessage 1 with the StartTLS extended request, RFC 4511 section 4.14.1. */
export const startTlsRequest: Uint8Array = element(
  sequence,
  element(integer, Buffer.from([1])),
  element(extendedRequest, element(0x80, Buffer.from('1.3.6.1.4.1.1466.20037'))),
)

export type StartTlsAnswer =
  /** `resultCode`: RFC 4511 section 4.1.9; 0 is yes. `rest`: what came behind the answer, in clear text. */
  { resultCode: number; rest: Uint8Array } | { needMore: true } | { bad: string }

/** Reads the answer to `startTlsRequest`, RFC 4511 section 4.14.2: all that is ever parsed of a directory before it has proven who it is. */
export function readStartTlsAnswer(bytes: Uint8Array): StartTlsAnswer {
  if (bytes.length > 0 && bytes[0] !== sequence) return { bad: 'something that is not LDAP' }
  const message = readElement(bytes)
  if (!message) return bytes.length > longest ? { bad: 'an answer without end' } : { needMore: true }
  const id = readElement(message.content)
  const answer = id && readElement(id.rest)
  const code = answer && readElement(answer.content)
  if (id?.tag !== integer || id.content.length !== 1 || id.content[0] !== 1) return { bad: 'an answer to something else' }
  if (answer?.tag !== extendedResponse || code?.tag !== enumerated || code.content.length !== 1)
    return { bad: 'an answer to something else' }
  return { resultCode: code.content[0] as number, rest: message.rest }
}
