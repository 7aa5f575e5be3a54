import { fail, ok } from '../../../kernel/result.ts'
import { formatPublicKeyLine, readPrivateKeyFace } from '../../../protocols/ssh-keys/index.ts'
import { type Form, nameless } from './form.ts'

/** A private key in OpenSSH's own format, without passphrase. Its public half is what is shown of it. */
export const sshKey: Form = {
  kind: 'ssh-key',
  read(bytes, name) {
    if (name !== undefined) return nameless('An SSH key')
    const face = readPrivateKeyFace(bytes)
    if (!face.ok) return fail(`This is no private key in OpenSSH's format (${face.error.detail}). Make it one: ssh-keygen -p -f FILE.`)
    if (face.value.encrypted) return fail('This key has a passphrase. Take it away first: ssh-keygen -p -f FILE.')
    const { type, publicBlob: blob } = face.value
    return ok({ secret: bytes, about: {}, publicLine: formatPublicKeyLine({ type, blob }) })
  },
}
