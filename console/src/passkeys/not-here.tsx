import type { Place } from './use-passkeys.ts'

/** Why passkeys cannot be used on this page, and what to do. */
export function NotHere({ place }: { place: Place }) {
  if (place.kind === 'here') return null
  if (place.kind === 'elsewhere')
    return (
      <p className="quiet">
        Passkeys belong to a name, and work at <a href={place.at}>{place.at}</a> alone. Open Claviger there to use them.
      </p>
    )
  return (
    <p className="quiet">
      {place.kind === 'nowhere'
        ? 'Passkeys belong to a name, and this server is opened by an address of numbers. Its operator sets CLAVIGER_PUBLIC_URL to a name.'
        : 'This browser does not know passkeys. Use a newer one.'}
    </p>
  )
}
