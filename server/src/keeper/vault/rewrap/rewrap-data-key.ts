import { keyIdOf, open, seal } from '../../../platform/crypto/sealed.ts'
import type { LocationKeys } from '../location-keys.ts'
import type { Location } from '../locations.ts'

/** What names the place of a data key. */
export interface DataKeyOf {
  owner_kind: string
  owner_id: string
  what: string
  version: number
  location: string
}

export const dataKeyPlace = ({ owner_kind, owner_id, what, version, location }: DataKeyOf) => ({
  purpose: 'data-key',
  location,
  id: `${owner_kind}/${owner_id}/${what}`,
  version,
})

/**
 * The data key under the newest key of its location; as it is where it lies under that already. Undefined when it does not open: it was changed or
 * moved, or its key is not here. The secret itself is not touched.
 */
export function rewrapDataKey(keys: LocationKeys, of: DataKeyOf, wrapped: Buffer): Buffer | undefined {
  if (!keys.has(of.location)) return undefined
  const newest = keys.of(of.location as Location)
  const id = keyIdOf(wrapped)
  if (id === newest.id) return wrapped
  const key = id?.startsWith(`${of.location}:`) ? keys.byId(id) : undefined
  const plain = key && open(key, dataKeyPlace(of), wrapped)
  if (!plain?.ok) return undefined
  const next = seal(newest.key, newest.id, dataKeyPlace(of), plain.value)
  plain.value.fill(0)
  return next
}
