import { fail, ok } from '../../../kernel/result.ts'
import { type ChainTrouble, readChain } from '../../../protocols/x509/index.ts'
import { type Form, nameless, textOf } from './form.ts'

const longest = 65_536
const mostCertificates = 10

const sentences: Readonly<Record<ChainTrouble, string>> = {
  'no certificate': 'One of the certificates cannot be read.',
  'no key': 'The private key cannot be read.',
  'not of this key': 'The private key belongs to none of these certificates.',
  'not one chain': 'The certificates are not one chain: each has to be signed by the next. Leave out what does not belong to it.',
}

/**
 * A certificate, those that it rests on, and its private key, as PEM in any order. They are kept in the order that servers want: the certificate, the
 * others up to the root, the key.
 */
export const tls: Form = {
  kind: 'tls',
  read(bytes, name) {
    if (name !== undefined) return nameless('A certificate')
    if (bytes.length > longest) return fail('A certificate with its key has 64 KiB at most.')
    const text = textOf(bytes)
    if (text === undefined) return fail('Certificate and key come as PEM, which is text.')
    if (/-----BEGIN ENCRYPTED|Proc-Type: 4,ENCRYPTED/.test(text))
      return fail('The private key has a passphrase. Take it away first: openssl pkey -in FILE.')
    const blocks = [...text.matchAll(/-----BEGIN ([A-Z0-9 ]{1,40})-----[A-Za-z0-9+/=\s]{1,60000}-----END \1-----/g)]
    const labelled = blocks.map(([pem, label = '']) => ({ pem, label }))
    const certificates = labelled.filter(({ label }) => label === 'CERTIFICATE').map(({ pem }) => pem)
    const keys = labelled.filter(({ label }) => label.endsWith('PRIVATE KEY'))
    if (certificates.length === 0) return fail('There is no certificate in it (-----BEGIN CERTIFICATE-----).')
    if (certificates.length > mostCertificates) return fail(`A chain has ${mostCertificates} certificates at most.`)
    const [key] = keys
    if (!key) return fail('There is no private key in it (-----BEGIN PRIVATE KEY-----). Put certificate and key into one file.')
    if (keys.length > 1) return fail('There is more than one private key in it.')
    const chain = readChain(certificates, key.pem)
    if ('trouble' in chain) return fail(sentences[chain.trouble])
    const { notBefore, notAfter, ...facts } = chain.facts
    const whole = [...chain.order.map((at) => certificates[at]), key.pem].join('\n')
    return ok({
      secret: new TextEncoder().encode(`${whole}\n`),
      about: { ...facts, notBefore: notBefore.toISOString(), notAfter: notAfter.toISOString(), chain: chain.order.length },
    })
  },
}
