import type { passkeys, people } from '@claviger/api'
import { useViewer } from '../data/identity.ts'
import { NotHere } from '../passkeys/not-here.tsx'
import { usePlace } from '../passkeys/use-passkeys.ts'
import { Section } from '../ui/detail-page.tsx'
import { type Column, Rows } from '../ui/rows.tsx'
import { When } from '../ui/when.tsx'
import { AddPasskey } from './add-passkey.tsx'
import { RemovePasskey } from './remove-passkey.tsx'

const columns: Column<passkeys.Passkey>[] = [
  { name: 'Passkey', cell: (p) => p.label, narrow: 'top' },
  { name: 'Added', cell: (p) => <When at={p.createdAt} as="moment" />, narrow: 'bottom', called: 'added' },
  {
    name: 'Last used',
    cell: (p) => (p.lastUsedAt ? <When at={p.lastUsedAt} /> : <span className="quiet">never</span>),
    narrow: 'middle',
    called: 'used',
    tight: true,
  },
]

/** What says yes in the place of a code. Made by their owner alone, at the name that the server is opened by. */
export function Passkeys({ shown }: { shown: people.PersonDetails }) {
  const { person: p, passkeys: all } = shown
  const viewer = useViewer()
  const own = viewer.id === p.id
  const place = usePlace(viewer.passkeysAt)
  const remove: Column<passkeys.Passkey> = {
    name: 'Remove',
    cell: (passkey) => <RemovePasskey person={p} passkey={passkey} own={own} />,
    narrow: 'bottom-end',
    tight: true,
  }
  return (
    <Section title="Passkeys" aside={own && place.kind === 'here' && <AddPasskey />}>
      {all.length === 0 && <p className="quiet">None. {own && 'With one you need no code: a finger, a face or a PIN says yes.'}</p>}
      {all.length > 0 && (
        <Rows label="Passkeys" rows={all} idOf={(k) => k.id} columns={own || viewer.changesPeople ? [...columns, remove] : columns} />
      )}
      {own && <NotHere place={place} />}
    </Section>
  )
}
