import type { AnswerOf, inventory } from '@claviger/api'
import { useViewer } from '../data/identity.ts'
import { useVersions } from '../data/inventory.ts'
import { DestroyVersion } from '../passwords/destroy-version.tsx'
import { StateChip } from '../ui/chip.tsx'
import { Failure } from '../ui/failure.tsx'
import { type Column, Rows } from '../ui/rows.tsx'
import { When } from '../ui/when.tsx'
import { aboutInWords } from '../words/credentials.ts'
import { credentialWords, versionState } from '../words/inventory.ts'

type Version = AnswerOf<typeof inventory.accountVersions>['versions'][number]

const columns: Column<Version>[] = [
  { name: 'Credential', cell: (v) => `${credentialWords[v.credential]} v${v.version}`, narrow: 'top', tight: true },
  { name: 'About', cell: (v) => aboutInWords(v.about), narrow: 'middle', called: 'About' },
  { name: 'Good until', cell: (v) => (v.expiresAt === null ? '–' : <When at={v.expiresAt} as="moment" />), tight: true },
  { name: 'Brought by', cell: (v) => v.broughtBy?.displayName ?? '–', tight: true },
  { name: 'Made', cell: (v) => <When at={v.at} as="moment" />, narrow: 'bottom', tight: true },
  { name: 'Age', cell: (v) => <When at={v.at} />, narrow: 'bottom-end', tight: true },
  { name: 'State', cell: (v) => <StateChip {...versionState(v.state)} />, narrow: 'top-end', tight: true },
]

/** Which versions there were and what became of them. What they are, no page shows. */
export function Versions({ account }: { account: string }) {
  const versions = useVersions(account)
  const viewer = useViewer()
  if (!versions.data && versions.error) return <Failure error={versions.error} retry={() => versions.refetch()} />
  if (versions.data?.versions.length === 0)
    return <p className="quiet">The vault holds none: whoever knows the credential of this account can use it.</p>
  return (
    <Rows
      label="Versions of its credentials"
      rows={versions.data?.versions}
      columns={[
        ...columns,
        ...(viewer.destroysVersions
          ? [
              {
                name: '',
                cell: (v: Version) => v.state === 'previous' && <DestroyVersion account={account} {...v} />,
                narrow: 'middle-end' as const,
              },
            ]
          : []),
      ]}
      idOf={(v) => `${v.credential} ${v.version}`}
    />
  )
}
