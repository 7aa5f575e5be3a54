import { fail, ok } from '../../../kernel/result.ts'
import { type Form, textOf, withoutLastBreak } from './form.ts'

const longest = 16_384

/** An API key: an id, which is shown, and the secret that belongs to it. */
export const apiKey: Form = {
  kind: 'api-key',
  read(bytes, name) {
    if (name === undefined) return fail('An API key has an id beside its secret. Give it as its name.')
    if (!/^[\x21-\x7e]{1,256}$/.test(name)) return fail('The id of an API key is up to 256 printable characters without spaces.')
    const secret = withoutLastBreak(bytes)
    if (secret.length < 8 || secret.length > longest) return fail(`The secret of an API key has 8 to ${longest} bytes.`)
    const text = textOf(secret)
    if (text === undefined || !/^[\x21-\x7e]+$/.test(text)) return fail('The secret of an API key is printable characters without spaces.')
    return text === name ? fail('The id and the secret of an API key are two things.') : ok({ secret, about: { id: name } })
  },
}
