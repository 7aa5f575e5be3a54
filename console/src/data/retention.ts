import { retention as api, type BodyOf } from '@claviger/api'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { ask } from '../api.ts'

export const useRetention = () => useQuery({ queryKey: ['retention', 'classes'], queryFn: () => ask(api.retention) })
export const useStorage = () => useQuery({ queryKey: ['retention', 'storage'], queryFn: () => ask(api.storage) })
export const useHolds = (enabled: boolean) => useQuery({ queryKey: ['retention', 'holds'], queryFn: () => ask(api.holds), enabled })

function useAct<V, T>(act: (given: V) => Promise<T>) {
  const client = useQueryClient()
  return useMutation({ mutationFn: act, onSettled: () => client.invalidateQueries({ queryKey: ['retention'] }) })
}
export const useChangeClass = (id: string) =>
  useAct((body: BodyOf<typeof api.changeRetentionClass>) => ask(api.changeRetentionClass, { params: { id }, body }))
export const usePlaceHold = () => useAct((body: BodyOf<typeof api.placeHold>) => ask(api.placeHold, { body }))
export const useLiftHold = (id: string) => useAct((body: BodyOf<typeof api.liftHold>) => ask(api.liftHold, { params: { id }, body }))
