import { startFake } from './fake-server.ts'
import type { Impostor } from './harness.ts'
import { type SelfSigned, selfSigned } from './self-signed.ts'

/** Messages 1 and 2 of RFC 4511: a yes to StartTLS, and a yes to a bind, to whatever was asked. */
const yesToTls = Buffer.from('300c02010178070a010004000400', 'hex')
const noToTls = Buffer.from('300c02010178070a010204000400', 'hex')
const yesToBind = Buffer.from('300c02010261070a010004000400', 'hex')

/** Who may be at the address of a directory in its place. `behind`: bytes of the request for TLS in clear text; 0 where TLS is from the first byte. */
export function impostorsOf(trusted: SelfSigned, behind: number): Impostor[] {
  const withTls = (as: SelfSigned) => startFake({ answers: [yesToBind], tls: { as, behind, yes: yesToTls.toString('latin1') } })
  return [
    { what: 'has no TLS and says yes to everything', start: () => startFake({ answers: [Buffer.concat([yesToTls, yesToBind])] }) },
    { what: 'refuses TLS', start: () => startFake({ answers: [noToTls, yesToBind] }) },
    { what: 'speaks something else', start: () => startFake({ answers: [Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n')] }) },
    { what: 'has a certificate that nobody signed', start: () => withTls(selfSigned('127.0.0.1')) },
    { what: 'has a certificate of the right authority that is not the pinned one', start: () => withTls(trusted) },
  ]
}
