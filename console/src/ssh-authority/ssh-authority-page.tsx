import type { sshAuthority } from '@claviger/api'
import { Link } from '@tanstack/react-router'
import { useSshAuthority } from '../data/ssh-authority.ts'
import { links } from '../paths.ts'
import { Copyable } from '../ui/copyable.tsx'
import { Section } from '../ui/detail-page.tsx'
import { Fact, Facts } from '../ui/facts.tsx'
import { Failure } from '../ui/failure.tsx'
import { ListPage } from '../ui/list-page.tsx'
import { type Column, Rows } from '../ui/rows.tsx'
import { useTitle } from '../ui/use-title.ts'
import { When } from '../ui/when.tsx'
import { BeginRotation } from './begin-rotation.tsx'
import { RotationProgress } from './rotation-progress.tsx'

type Host = sshAuthority.SshAuthority['hosts'][number]

const columns: Column<Host>[] = [
  { name: 'Host', cell: (h) => <Link {...links.target(h.target.id)}>{h.target.name}</Link>, narrow: 'top' },
  { name: 'Trusts version', cell: (h) => h.trusted.versions.join(' and '), narrow: 'top-end', called: 'version', tight: true },
  { name: 'Told', cell: (h) => (h.trusted.byHand ? 'by hand' : 'by Claviger'), narrow: 'middle', tight: true },
  { name: 'Seen', cell: (h) => <When at={h.trusted.at} as="moment" />, narrow: 'bottom', tight: true },
  { name: 'Accounts by certificate', cell: (h) => h.accounts, narrow: 'bottom-end', called: 'accounts', tight: true },
]
const stateWords = { current: 'signs', candidate: 'will sign', previous: 'signed before' } as const

/** The authority under which sessions log in by SSH certificate: its key, the hosts that trust it, and how it is replaced. */
export function SshAuthorityPage() {
  const found = useSshAuthority()
  useTitle('SSH authority')
  if (found.error && !found.data) return <Failure error={found.error} retry={() => found.refetch()} />
  const { versions = [], hosts, rotation, sources = [] } = found.data ?? {}
  return (
    <ListPage title="SSH authority" tools={found.data && (rotation === null || rotation?.step === 'done') && <BeginRotation />}>
      <p className="quiet">Each session with an account that is reached by certificate gets one of its own, good for minutes.</p>
      {found.data && (
        <Facts>
          {versions.map(({ version, state, line, fingerprint, madeAt }) => (
            <Fact key={version} name={`Version ${version} ${stateWords[state]}`}>
              <Copyable value={line} what={`public key ${version}`} /> <code>{fingerprint}</code>{' '}
              <span className="quiet">
                made <When at={madeAt} as="moment" />
              </span>
            </Fact>
          ))}
          <Fact name="Certificates are good">{sources.length > 0 ? `from ${sources.join(', ')}` : 'from any address'}</Fact>
        </Facts>
      )}
      {rotation && <RotationProgress rotation={rotation} />}
      <Section title="Hosts that trust it">
        {hosts?.length === 0 ? (
          <p className="quiet">None yet. On the page of a Linux host an administrator has it do so.</p>
        ) : (
          <Rows<Host> label="Hosts that trust it" rows={hosts} columns={columns} idOf={(h) => h.target.id} />
        )}
      </Section>
    </ListPage>
  )
}
