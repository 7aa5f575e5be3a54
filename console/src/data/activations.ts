import { activations, type BodyOf, breakGlass, inventory } from '@claviger/api'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { ask } from '../api.ts'
import { keepAsking } from './keep-asking.ts'

/** Activations and drills, and whether one is overdue. Every page asks: what runs is said everywhere. */
export const useActivations = (enabled: boolean) =>
  useQuery({
    queryKey: ['breakglass', 'activations'],
    queryFn: () => ask(activations.activations),
    refetchInterval: keepAsking(10_000),
    enabled,
  })

function useAct<V, T>(act: (variables: V) => Promise<T>) {
  const client = useQueryClient()
  return useMutation({ mutationFn: act, onSettled: () => client.invalidateQueries({ queryKey: ['breakglass'] }) })
}

export const useActivate = () => useAct((body: BodyOf<typeof activations.activate>) => ask(activations.activate, { body }))

export const useMoveActivation = (id: string) =>
  useAct((body: BodyOf<typeof activations.moveActivation>) => ask(activations.moveActivation, { params: { id }, body }))

/** What its keeper asks custodians for, and how many gave their share: while it waits for them, or runs. */
export const useActivationDoor = (id: string, enabled: boolean) =>
  useQuery({
    queryKey: ['breakglass', 'door', id],
    queryFn: () => ask(activations.activationDoor, { params: { id } }),
    refetchInterval: keepAsking(10_000),
    enabled,
  })

export const useGiveShare = (id: string) => useAct((sealed: string) => ask(activations.giveShare, { params: { id }, body: { sealed } }))

/** Makes an account one for emergencies, or an ordinary one again. */
export const useMark = () =>
  useAct(async ({ name, ...body }: { name: string } & BodyOf<typeof breakGlass.markAccount>) => {
    const [account = '', target = ''] = name.trim().split('@')
    const { accounts } = await ask(inventory.accounts, { query: { target, search: account, limit: 500 } })
    const found = accounts.find((a) => a.name === account && a.target.name === target)
    if (!found) throw new Error(`There is no account ${name}, or you may not see it.`)
    return await ask(breakGlass.markAccount, { params: { id: found.id }, body })
  })
