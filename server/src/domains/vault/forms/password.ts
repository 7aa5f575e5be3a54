import { fail, ok } from '../../../kernel/result.ts'
import { type Form, nameless, textOf, withoutLastBreak } from './form.ts'

const longest = 4096

/** A password that somebody chose elsewhere: any one line of text. */
export const password: Form = {
  kind: 'password',
  read(bytes, name) {
    if (name !== undefined) return nameless('A password')
    const secret = withoutLastBreak(bytes)
    if (secret.length === 0 || secret.length > longest) return fail(`A password has 1 to ${longest} bytes.`)
    const text = textOf(secret)
    return text === undefined || /[\r\n]/.test(text) ? fail('A password is one line of text (UTF-8).') : ok({ secret, about: {} })
  },
}
