import { fail, ok, type Result } from '../../kernel/result.ts'
import type { Refusal } from '../contract.ts'

/** The three fields of `person@account@target`, each within its own characters. */
export interface UserName {
  person: string
  account: string
  target: string
}

const longest = 256
/** Names of people may be addresses, because who comes by single sign-on is called `alice@corp.example`. */
const personName = /^[A-Za-z0-9][A-Za-z0-9._+@-]{0,127}$/
/** A backslash for `CORP\admin`, a dollar sign for Windows' machine accounts. */
const accountName = /^[A-Za-z0-9_][A-Za-z0-9._$\\-]{0,63}$/
const targetName = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/

/** How a door names its refusal, and how one connects to it. */
export interface DoorWords {
  code: string
  example: string
}

/**
 * Takes a user name apart. The last two fields are account and target, whose names hold no `@`; the rest is the person.
 * At most 256 bytes. The sentence of a refusal repeats nothing of what came in, so that it can be shown and logged as it is.
 */
export function parseUserName(name: string, { code, example }: DoorWords): Result<UserName, Refusal> {
  const malformed = (what: string) =>
    fail<Refusal>({ code, say: `${what} Connect as person@account@target, for example: ${example}`, final: true })
  if (name.length > longest || Buffer.byteLength(name) > longest) return malformed(`The user name is longer than ${longest} bytes.`)
  const fields = name.split('@')
  if (fields.length < 3) return malformed('The user name does not say who you are and where you want to go.')
  const target = fields.pop() ?? ''
  const account = fields.pop() ?? ''
  const person = fields.join('@')
  if (!personName.test(person)) return malformed('The first part of the user name is not the name of a person.')
  if (!accountName.test(account)) return malformed('The second part of the user name is not the name of an account.')
  if (!targetName.test(target)) return malformed('The third part of the user name is not the name of a target.')
  return ok({ person, account, target })
}
