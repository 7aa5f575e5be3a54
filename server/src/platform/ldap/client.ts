import type { Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { Attribute, Change, Client, type Control, PasswordPolicyControl, ResultCodeError, type SearchOptions } from 'ldapts'
import { fail, ok, type Result } from '../../kernel/result.ts'
import type { Secret } from '../../kernel/secret.ts'
import { passwordModifyOid, passwordModifyValue } from '../../protocols/ldap/index.ts'
import { LdapEntry } from './entry.ts'
import { type LdapFailure, protocol, type Refused, timeout, windowsNumbers } from './failures.ts'

/** Bytes that one answer, or one page of a search, may have. */
const longestAnswer = 16 * 1024 * 1024
const pageSize = 200
const noSuchObject = 32

export interface Search {
  base: string
  scope: 'base' | 'one' | 'sub'
  /** RFC 4515. Values from outside go through `filter`. */
  filter: string
  attributes: readonly string[]
  /** Those of `attributes` whose values are no text. */
  binary?: readonly string[]
  /** Give up beyond so many entries: an answer that is longer is not believed. */
  most: number
}

export interface Modification {
  operation: 'add' | 'delete' | 'replace'
  attribute: string
  values: readonly (string | Uint8Array)[]
}

/** A connection to a directory that has proven who it is. No referral is followed; after the first failure of the line nothing is sent any more. */
export interface LdapConnection {
  /** Simple bind. What the password policy has to say beside a yes (2: must be changed) is answered. An empty password is refused here: servers take it for nobody's login. */
  bind(name: string, password: Secret): Promise<Result<{ policy?: number }, LdapFailure>>
  /** Page by page. Throws `LdapError`. */
  search(what: Search): AsyncGenerator<LdapEntry>
  /** All of a search that finds few. A base that is not there has no entries. */
  find(what: Search): Promise<Result<LdapEntry[], LdapFailure>>
  modify(dn: string, changes: readonly Modification[]): Promise<Result<void, LdapFailure>>
  /** RFC 3062: the server itself hashes the password. */
  changePassword(dn: string, next: Secret, old?: Secret): Promise<Result<void, LdapFailure>>
  add(dn: string, attributes: Readonly<Record<string, readonly string[]>>): Promise<Result<void, LdapFailure>>
  remove(dn: string): Promise<Result<void, LdapFailure>>
  /** Unbinds and closes. Never throws. */
  close(): Promise<void>
}

/** Thrown inside `search`, whose iteration cannot return a refusal. */
export class LdapError extends Error {
  readonly failure: LdapFailure
  constructor(failure: LdapFailure) {
    super(failure.code)
    this.failure = failure
  }
}

/**
 * ldapts over a connection whose server has proven itself. It can open no other: when this one is gone every further call fails,
 * where ldapts alone would quietly connect again without TLS of ours and without a login.
 * `patience`: milliseconds for each operation; `lifetime`: for all of them together.
 */
export function clientOver(socket: TLSSocket, patience: number, lifetime: number): LdapConnection {
  let handed = false
  let heard = 0
  let late = false
  const createConnection = ((): Socket => {
    if (handed || socket.readyState !== 'open') throw new Error('the connection is gone')
    handed = true
    socket.on('data', (bytes: Buffer) => {
      heard += bytes.length
      if (heard > longestAnswer) socket.destroy(new Error('an answer without end'))
    })
    return socket
  }) as NonNullable<ConstructorParameters<typeof Client>[0]['createConnection']>
  const client = new Client({ url: 'ldap://pinned.invalid', timeout: patience, createConnection })
  const lastAnswer = rememberControls(client)
  const end = setTimeout(() => {
    late = true
    socket.destroy()
  }, lifetime)
  socket.once('close', () => clearTimeout(end))

  const failureOf = (error: unknown, policy?: number): Refused => {
    if (error instanceof ResultCodeError) {
      return fail({ code: 'ldap.refused', result: error.code, ...(policy !== undefined && { policy }), ...windowsNumbers(error.message) })
    }
    if (late || (error instanceof Error && error.message.endsWith('Operation timed out'))) return timeout()
    return protocol(heard > longestAnswer ? 'an answer without end' : 'the connection broke')
  }

  /** One operation with the password policy control, which servers without a policy ignore. */
  async function ask(operation: (control: Control) => Promise<unknown>): Promise<Result<{ policy?: number }, LdapFailure>> {
    const control = new PasswordPolicyControl()
    heard = 0
    try {
      await operation(control)
      return ok(control.value?.error === undefined ? {} : { policy: control.value.error })
    } catch (error) {
      return failureOf(error, control.value?.error)
    }
  }
  const done = (answer: Result<unknown, LdapFailure>): Result<void, LdapFailure> => (answer.ok ? ok(undefined) : answer)

  const connection: LdapConnection = {
    async bind(name, password) {
      // ldapts takes text: docs/security.md, "Where a secret becomes a string"
      const text = await password.lend('log-in-to-target', (bytes) => Buffer.from(bytes).toString('utf8'))
      if (text === '' || name === '') return fail({ code: 'ldap.refused', result: 49 })
      return await ask((control) => client.bind(name, text, control))
    },

    async *search({ base, scope, filter, attributes, binary = [], most }) {
      const options: SearchOptions = { scope, filter, attributes: [...attributes], explicitBufferAttributes: [...binary] }
      // one entry is no list: some servers know no pages for what describes themselves
      const pages = scope === 'base' ? [client.search(base, options)] : client.searchPaginated(base, { ...options, paged: { pageSize } })
      let count = 0
      heard = 0
      try {
        for await (const page of pages) {
          heard = 0
          for (const { dn, ...found } of page.searchEntries) {
            if (++count > most) throw new LdapError({ code: 'ldap.protocol', detail: 'it lists more entries than can be true' })
            yield new LdapEntry(
              dn,
              Object.entries(found).map(([name, value]) => [name, [value].flat()] as const),
            )
          }
        }
      } catch (error) {
        throw error instanceof LdapError ? error : new LdapError(failureOf(error).error)
      }
      // ldapts takes an empty page for the last one: what is missing would be missing silently
      if (lastAnswer.isHalf()) throw new LdapError({ code: 'ldap.protocol', detail: 'it stopped in the middle of a search' })
    },

    async find(what) {
      const found: LdapEntry[] = []
      try {
        for await (const entry of connection.search(what)) found.push(entry)
        return ok(found)
      } catch (error) {
        if (!(error instanceof LdapError)) throw error
        return error.failure.code === 'ldap.refused' && error.failure.result === noSuchObject ? ok([]) : fail(error.failure)
      }
    },

    async modify(dn, changes) {
      const list = changes.map(({ operation, attribute, values }) => {
        const modification = new Attribute({ type: attribute, values: values.map((value) => Buffer.from(value as string)) })
        return new Change({ operation, modification })
      })
      const answer = await ask((control) => client.modify(dn, list, control))
      for (const change of list) for (const value of change.modification.values) if (typeof value !== 'string') value.fill(0)
      return done(answer)
    },

    async changePassword(dn, next, old) {
      const value = await next.lend('set-on-target', (fresh) =>
        old ? old.lend('log-in-to-target', (used) => passwordModifyValue(dn, fresh, used)) : passwordModifyValue(dn, fresh),
      )
      const answer = await ask((control) => client.exop(passwordModifyOid, value, control))
      value.fill(0)
      return done(answer)
    },

    async add(dn, attributes) {
      return done(await ask((control) => client.add(dn, mutable(attributes), control)))
    },

    async remove(dn) {
      return done(await ask((control) => client.del(dn, control)))
    },

    async close() {
      clearTimeout(end)
      await client.unbind().catch(() => undefined)
      socket.destroy()
    },
  }
  return connection
}

const mutable = (attributes: Readonly<Record<string, readonly string[]>>): Record<string, string[]> =>
  Object.fromEntries(Object.entries(attributes).map(([name, values]) => [name, [...values]]))

/** What ldapts does not declare, of the exact version that the lockfile pins: the controls of an answer are not handed out. */
interface Undeclared {
  _send(message: unknown): Promise<{ controls?: readonly { type: string; value?: { cookie?: Buffer | null } }[] } | undefined>
}
const pagedResults = '1.2.840.113556.1.4.319'

/** Whether the last answer said that there is more of it, RFC 2696. */
function rememberControls(client: Client): { isHalf(): boolean } {
  const undeclared = client as unknown as Undeclared
  const send = undeclared._send.bind(client)
  let half = false
  undeclared._send = async (message) => {
    const answer = await send(message)
    half = (answer?.controls ?? []).some((control) => control.type === pagedResults && (control.value?.cookie?.length ?? 0) > 0)
    return answer
  }
  return { isHalf: () => half }
}

export { escapeFilter as filter } from 'ldapts'
