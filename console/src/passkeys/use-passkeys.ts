import { useQueryClient } from '@tanstack/react-query'
import { meQuery } from '../data/identity.ts'
import { knowsPasskeys } from './browser.ts'

/** Where passkeys can be used: `here`, at another address (`elsewhere`), in another browser, or nowhere, because the server has no name. */
export type Place = { kind: 'here' } | { kind: 'elsewhere'; at: string } | { kind: 'old-browser' } | { kind: 'nowhere' }

export function placeOf(at: string | null, origin: string, known: boolean): Place {
  if (at === null) return { kind: 'nowhere' }
  if (at !== origin) return { kind: 'elsewhere', at }
  return { kind: known ? 'here' : 'old-browser' }
}

export const usePlace = (at: string | null): Place => placeOf(at, location.origin, knowsPasskeys())

/** Whether whoever looks has a passkey that can be used on this page. Known from what the shell has loaded: where there is none, nobody is signed in. */
export function usePasskeys(): { usable: boolean } {
  const me = useQueryClient().getQueryData(meQuery.queryKey)
  const place = usePlace(me?.passkeysAt ?? null)
  return { usable: me !== undefined && me.passkeys > 0 && place.kind === 'here' }
}
