import { existsSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { type Call, call, identity, people, type Transport } from '@claviger/api'
import { handOutCode } from '../../cli/src/codes/hand-out.ts'
import { readLabPerson } from '../../cli/src/codes/people.ts'
import { fromBase32 } from '../../cli/src/codes/totp.ts'
import { ensureKey, gatewayAlias, sshFiles, writeIdentity } from '../../cli/src/ssh/identity.ts'

/** One of the lab's people, signed in over HTTP. */
export interface Person {
  name: string
  id: string
  token: string
  api: Transport
  password: string
  sshKeyFile: string
  /** A code that nobody used; waits for the next one when it must. */
  code(): Promise<string>
  /** Arguments with which the real ssh comes in by a certificate: no code is asked. */
  sshArgs(account: string): Promise<string[]>
}

/** Signs in with password and code. */
export const signIn = async (server: Server, name: string): Promise<Person> =>
  await signInAs(server, name, readLabPerson(server.data, name))

interface Server {
  base: string
  data: string
  work: string
}
interface Known {
  password: string
  totpSecret: Uint8Array
  sshKeyFile: string
}

async function signInAs(server: Server, name: string, known: Known): Promise<Person> {
  const { base, data, work } = server
  const code = async () => (await handOutCode(data, name, known.totpSecret, { from: 'soonest' })).code
  const { person, token } = await withCode(code, async (fresh) => {
    const begun = await call({ base }, identity.signIn, { body: { name, password: known.password } })
    if (!begun.ok) return begun
    return await call({ base }, identity.signInCode, { body: { challenge: begun.value.challenge, code: fresh, as: 'cli' } })
  })
  const api: Transport = { base, headers: { authorization: `Bearer ${token}` } }
  const folder = join(work, name)
  // a certificate of an earlier sign-in may be worth nothing any more
  rmSync(folder, { recursive: true, force: true })
  return {
    ...{ name, id: person.id, token: token ?? '', api, code },
    ...{ password: known.password, sshKeyFile: known.sshKeyFile },
    sshArgs: certificateArgs(folder, name, api),
  }
}

/** Arguments for the gateway of the server that `api` asks; the certificate lies in `folder`. */
export const certificateArgs =
  (folder: string, name: string, api: Transport): Person['sshArgs'] =>
  async (account) => {
    const files = sshFiles(folder)
    if (!existsSync(files.config)) {
      mkdirSync(folder, { recursive: true, mode: 0o700 })
      const given = must(await call(api, identity.sshCertificate, { body: { publicKey: ensureKey(folder, name) } }))
      writeIdentity(folder, given.certificate, given.gateway)
    }
    return ['-F', files.config, '-o', 'BatchMode=yes', `${name}@${account}@${gatewayAlias}`]
  }

/** Somebody who was not there before: invited with a fresh code, enrolled with a key of their own, confirmed where that takes another, signed in. */
export async function invite(
  server: Server,
  by: Person,
  name: string,
  groups: identity.Person['groups'],
  confirmedBy?: Person,
): Promise<Person> {
  const { base, data, work } = server
  const password = 'a long enough pass phrase'
  const { enrolmentToken: token } = await withCode(by.code, (code) =>
    call(by.api, identity.invitePerson, { body: { name, displayName: name, groups, code } }),
  )
  const begun = must(await call({ base }, identity.enrol, { body: { token, password } }))
  const known = {
    password,
    totpSecret: fromBase32(begun.totp.secret) ?? Buffer.alloc(0),
    sshKeyFile: sshFiles(join(work, `${name}-own`)).key,
  }
  const publicKey = ensureKey(join(work, `${name}-own`), name)
  const { code } = await handOutCode(data, name, known.totpSecret, { from: 'soonest' })
  const { person } = must(await call({ base }, identity.enrolConfirm, { body: { token, code, sshKey: { publicKey, label: 'own key' } } }))
  if (confirmedBy)
    await withCode(confirmedBy.code, (fresh) =>
      call(confirmedBy.api, people.confirmPerson, { params: { id: person.id }, body: { code: fresh } }),
    )
  return await signInAs(server, name, known)
}

/** The value of an answer that must be yes. */
export function must<T>(answer: Call<T>): T {
  if (answer.ok) return answer.value
  throw new Error(`${answer.status} ${answer.refusal.code}: ${answer.refusal.message} ${answer.refusal.issues?.join('; ') ?? ''}`)
}

/** Does what needs a fresh code. The lab's own first run may have used one that we do not know of: then the next one. */
export async function withCode<T>(code: () => Promise<string>, ask: (code: string) => Promise<Call<T>>): Promise<T> {
  for (let tries = 0; ; tries++) {
    const answer = await ask(await code())
    if (answer.ok || answer.refusal.code !== 'factor.code_used' || tries === 2) return must(answer)
  }
}
