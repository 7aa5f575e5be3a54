import { credentials, onboarding } from '@claviger/api'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { ask } from '../api.ts'
import { keepAsking } from './keep-asking.ts'

type Account = { id: string; name: string; target: string } | null
export interface Looked {
  item: onboarding.Item
  account: Account
  fate: onboarding.Fate
  target: { id: string; name: string } | null
}
export interface Tried extends Looked {
  outcome: 'stored' | 'refused' | 'failed' | 'known'
  code: string | null
}

const lookedAtOnce = 500
const sentAtOnce = 10

/** What would become of each: places alone are sent, no credential. */
export async function lookAt(items: readonly onboarding.Item[]): Promise<Looked[]> {
  const looked: Looked[] = []
  for (let from = 0; from < items.length; from += lookedAtOnce) {
    const some = items.slice(from, from + lookedAtOnce)
    const entries = some.map(({ target, account, credential }) => ({ target, account, credential }))
    const answer = await ask(onboarding.lookAtImport, { body: { entries } })
    some.forEach((item, at) => {
      looked.push({ item, account: null, fate: 'target_unknown', target: null, ...answer.entries[at] })
    })
  }
  return looked
}

/** Hands over what can be stored, a few at a time; `onProgress` hears how far it is. */
export async function bring(
  source: string,
  code: string,
  ready: readonly Looked[],
  onProgress: (tried: readonly Tried[]) => void,
): Promise<{ id: string; tried: Tried[] }> {
  const { id } = await ask(onboarding.beginImport, { body: { source, code } })
  const tried: Tried[] = []
  for (let from = 0; from < ready.length; from += sentAtOnce) {
    const some = ready.slice(from, from + sentAtOnce)
    const entries = some.flatMap(({ account, item: { credential, secret } }) =>
      account && (credential === 'password' || credential === 'ssh-key') ? [{ account: account.id, credential, secret }] : [],
    )
    const answer = await ask(onboarding.importEntries, { params: { id }, body: { entries } })
    some.forEach((one, at) => {
      tried.push({ ...one, outcome: 'failed', code: null, ...answer.entries[at], account: one.account })
    })
    onProgress([...tried])
  }
  return { id, tried }
}

/** Hands over what Claviger does not reach, with one code. */
export async function bringMany(source: string, code: string, brought: readonly Looked[]): Promise<Tried[]> {
  const entries = brought.flatMap(({ target, item: { account, credential: kind, secret: value, name } }) =>
    target ? [{ target: target.id, account, kind, value, ...(name !== undefined && { name }) }] : [],
  )
  const answer = await ask(credentials.depositCredentials, { body: { source, entries, code } })
  return brought.map((one, at) => ({ ...one, outcome: 'failed', code: null, ...answer.entries[at] }))
}

export const useImports = () =>
  useQuery({
    queryKey: ['imports'],
    queryFn: () => ask(onboarding.imports, { query: { limit: 50 } }),
    refetchInterval: keepAsking(10_000),
  })

export function useRotateImported() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (id: string) => ask(onboarding.rotateImported, { params: { id }, body: {} }),
    onSettled: () => Promise.all(['imports', 'rotations', 'accounts'].map((key) => client.invalidateQueries({ queryKey: [key] }))),
  })
}

/** From where an observed account was seen to be used. */
export const useLogins = (id: string) =>
  useQuery({
    queryKey: ['logins', id],
    queryFn: () => ask(onboarding.accountLogins, { params: { id } }),
    refetchInterval: keepAsking(60_000),
  })
