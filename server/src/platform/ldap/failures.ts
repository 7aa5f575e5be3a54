import { fail } from '../../kernel/result.ts'

/** Every way in which a directory can fail us. Nothing in it repeats text of the server, which may repeat what it was sent. */
export type LdapFailure =
  /** It did not prove who it is, and has got nothing. */
  | { code: 'ldap.impostor'; expected: string; presented: string }
  | ({ code: 'ldap.refused' } & LdapRefusal)
  | { code: 'ldap.protocol'; detail: string }
  | { code: 'ldap.unreachable'; detail: string }
  | { code: 'ldap.timeout'; detail: string }

/** What a server said no with, as numbers. */
export interface LdapRefusal {
  /** RFC 4511 section 4.1.9 and appendix A: 49 is a refused login, 32 an entry that is not there, 50 a missing right. */
  result: number
  /** What the password policy control says, draft-behera-ldap-password-policy section 6.2: 1 is a locked account, 5 a weak password. */
  policy?: number
  /** Active Directory's own error in hexadecimal, such as `0000052d`; `data` is what follows it at a login, such as `52e`. */
  windows?: string
  data?: string
}

export type Refused = { ok: false; error: LdapFailure }

export const impostor = (expected: string, presented: string): Refused =>
  fail({ code: 'ldap.impostor', expected, presented: presented.slice(0, 200) })
export const protocol = (detail: string): Refused => fail({ code: 'ldap.protocol', detail })
export const timeout = (): Refused => fail({ code: 'ldap.timeout', detail: 'the directory did not answer in time' })

/** Reads the two numbers that Active Directory and Samba put into their text: `80090308: LdapErr: DSID-…, data 52e, v1db1`. */
export function windowsNumbers(text: string): Pick<LdapRefusal, 'windows' | 'data'> {
  const windows = /^([0-9A-Fa-f]{8}):/.exec(text)?.[1]?.toLowerCase()
  const data = /\bdata ([0-9a-f]{1,8})\b/i.exec(text)?.[1]?.toLowerCase()
  return { ...(windows && { windows }), ...(data && { data }) }
}
