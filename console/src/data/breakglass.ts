import { type BodyOf, breakGlass } from '@claviger/api'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { ask } from '../api.ts'
import { keepAsking } from './keep-asking.ts'

/** The key, the accounts and the kits. */
export const useBreakglass = (enabled: boolean) =>
  useQuery({ queryKey: ['breakglass'], queryFn: () => ask(breakGlass.breakglass), refetchInterval: keepAsking(10_000), enabled })

function useBreakglassAct<V, T>(act: (variables: V) => Promise<T>) {
  const client = useQueryClient()
  return useMutation({ mutationFn: act, onSettled: () => client.invalidateQueries({ queryKey: ['breakglass'] }) })
}

export const useSettleKey = (id: string) =>
  useBreakglassAct((body: BodyOf<typeof breakGlass.settleKey>) => ask(breakGlass.settleKey, { params: { id }, body }))

/** Makes a kit and answers its file, or the file of one that was made. */
export const useKitFile = () =>
  useBreakglassAct(async (made: string | undefined) => {
    const id = made ?? (await ask(breakGlass.makeKit)).id
    let text = ''
    for (;;) {
      const { part, total } = await ask(breakGlass.kitPart, { params: { id }, query: { from: text.length } })
      text += part
      if (text.length >= total) return text
      if (part === '') throw new Error('the server did not give the whole file')
    }
  })
