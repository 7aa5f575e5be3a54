import { fail, ok } from '../../../kernel/result.ts'
import type { Form } from './form.ts'

/** Any bytes, with the name that the file had. The name is shown, and offered to whoever saves it; no file of the server is ever called so. */
export const file: Form = {
  kind: 'file',
  read(bytes, name) {
    if (name === undefined) return fail('A file has a name. Give it.')
    // what is a path on one system is a name on another: neither separator, and nothing that hides what it ends in
    if (!/^[^/\\:\p{C}]{1,255}$/u.test(name) || /^\.{1,2}$/.test(name) || name.trim() !== name)
      return fail('That is no name of a file: no path, no control characters, 255 characters at most.')
    return ok({ secret: bytes, about: { name, size: bytes.length } })
  },
}
