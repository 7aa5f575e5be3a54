import { readFileSync } from 'node:fs'
import { type Call, call, identity, inventory, type Transport } from '@claviger/api'
import { handOutCode } from '../cli/src/codes/hand-out.ts'
import { fromBase32 } from '../cli/src/codes/totp.ts'
import { labPeople, type PeopleFile } from './people.ts'

export interface LabTarget {
  name: string
  kind: string
  settings: Record<string, string | number | boolean>
  /** What to pin. Left out, the target is asked: in a lab we see both ends. */
  identity?: Record<string, string>
  login: { account: string; kind: 'password' | 'ssh-key'; secret: string }
}

/** Does what a new administrator does in the first run, over the API and with the one-time link: people, targets, and then closes it. */
export async function seedLab(options: {
  /** Claviger's data folder, where the codes that were used are written down. */
  data: string
  server: string
  setupToken: string
  people: PeopleFile
  targets: readonly LabTarget[]
  log: (line: string) => void
}): Promise<void> {
  const { data, server, setupToken, people, targets, log } = options
  const to: Transport = { base: server, headers: { 'x-claviger-setup': setupToken } }
  const all = people.read()
  const [first, ...others] = labPeople

  const enrolled = async (name: string, token: string, totpSecret: string): Promise<void> => {
    const known = all[name]
    if (!known) throw new Error(`the lab's list has no ${name}`)
    known.totpSecret = totpSecret
    people.write(all)
    const publicKey = readFileSync(`${known.sshKeyFile}.pub`, 'utf8').trim()
    // the soonest, so that the one that is shown now is mostly still unused
    const { code } = await handOutCode(data, name, fromBase32(totpSecret) ?? Buffer.alloc(0), { from: 'soonest' })
    must(await call(to, identity.enrolConfirm, { body: { token, code, sshKey: { publicKey, label: 'lab key' } } }))
    known.enrolled = true
    people.write(all)
  }

  if (first && !all[first.name]?.enrolled) {
    const { name, displayName } = first
    const made = must(
      await call(to, identity.setupAdministrator, { body: { token: setupToken, name, displayName, password: all[name]?.password ?? '' } }),
    )
    await enrolled(name, setupToken, made.totp.secret)
  }
  for (const { name, displayName, groups } of others) {
    if (all[name]?.enrolled) continue
    const invited = must(await call(to, identity.invitePerson, { body: { name, displayName, groups: [...groups] } }))
    const begun = must(await call(to, identity.enrol, { body: { token: invited.enrolmentToken, password: all[name]?.password ?? '' } }))
    await enrolled(name, invited.enrolmentToken, begun.totp.secret)
  }
  for (const target of targets) {
    const { name, kind, settings, login } = target
    const pinned = target.identity ?? must(await call(to, inventory.identifyTarget, { body: { kind, settings } })).identity
    const added = await call(to, inventory.addTarget, {
      body: { name, kind, environment: 'production', tier: 1, settings, identity: pinned, login },
    })
    if (!added.ok && added.refusal.code !== 'inventory.name_taken') must(added)
    log(`added ${name}`)
  }
  must(await call(to, identity.setupFinish, { body: { token: setupToken } }))
}

function must<T>(answer: Call<T>): T {
  if (answer.ok) return answer.value
  throw new Error(`the lab could not be set up: ${answer.refusal.message} ${answer.refusal.issues?.join('; ') ?? ''}`)
}
