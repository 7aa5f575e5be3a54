import { access, audit, call, inventory } from '@claviger/api'
import type { Claviger } from './claviger.ts'
import { must, type Person, withCode } from './person.ts'
import { until } from './until.ts'

/** Looks for accounts on the lab's targets and takes them over, or only those named (`deploy@web01`). Without names, those that are not observed. */
export async function takeOver(claviger: Claviger, only?: readonly string[]): Promise<inventory.Account[]> {
  const carol = await claviger.person('carol')
  const { targets } = must(await call(carol.api, inventory.targets))
  const wanted = (a: inventory.Account) => (only ? only.includes(`${a.name}@${a.target.name}`) : a.observedSince === null)
  for (const target of targets) {
    const { accounts } = must(await call(carol.api, inventory.discoverTarget, { params: { id: target.id } }))
    for (const account of accounts.filter(wanted))
      must(await call(carol.api, inventory.rotateAccount, { params: { id: account.id }, body: { reason: 'a journey' } }))
  }
  // whoever works off what is due may be at one of them already: then the answer comes before it is done
  return await until(
    'the accounts to be taken over',
    async () => {
      const taken = (await accounts(claviger)).filter(wanted)
      return taken.every(({ state }) => state === 'managed') && taken
    },
    120,
  )
}

export async function accounts(claviger: Claviger): Promise<inventory.Account[]> {
  const carol = await claviger.person('carol')
  return must(await call(carol.api, inventory.accounts, { query: { limit: 500 } })).accounts
}

export async function targetNamed(claviger: Claviger, name: string): Promise<inventory.Target> {
  const { targets } = must(await call((await claviger.person('carol')).api, inventory.targets))
  const found = targets.find((t) => t.name === name)
  if (!found) throw new Error(`there is no target ${name}`)
  return found
}

/** The account on web01 that people work with: `deploy`, or one's own name where the lab does not run as root. */
export async function workAccount(claviger: Claviger): Promise<inventory.Account> {
  const all = (await accounts(claviger)).filter((a) => a.target.name === 'web01')
  const found = all.find((a) => a.name === 'deploy') ?? all[0]
  if (!found) throw new Error('web01 has no account')
  return found
}

/** Somebody asks, somebody else approves with a fresh code: a grant. */
export async function grant(
  asker: Person,
  approver: Person,
  account: string,
  duration = '1h',
): Promise<{ request: access.AccessRequest; grant: access.Grant }> {
  const asked = must(await call(asker.api, access.fileRequest, { body: { account, duration, reason: 'a journey' } }))
  const request = await withCode(approver.code, (code) =>
    call(approver.api, access.approveRequest, { params: { id: asked.id }, body: { digest: asked.digest, code } }),
  )
  if (!request.grant) throw new Error(`the request is ${request.state} and has no grant`)
  return { request, grant: request.grant }
}

/** Waits for an alarm that names `subject` (or whatever `fits`), and answers it. */
export async function alarm(reader: Person, fits: string | ((alarm: audit.Entry) => boolean), seconds = 60): Promise<audit.Entry> {
  const test = typeof fits === 'string' ? (a: audit.Entry) => JSON.stringify(a.fields).includes(fits) : fits
  return await until(
    `an alarm about ${typeof fits === 'string' ? fits : 'this'}`,
    async () => must(await call(reader.api, audit.alarms, { query: { limit: 200 } })).alarms.find(test),
    seconds,
  )
}

export const entries = async (reader: Person, act: string): Promise<audit.Entry[]> =>
  must(await call(reader.api, audit.ledger, { query: { act, limit: 200 } })).entries
