import type { policy } from '@claviger/api'
import { NativeSelect } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { IconSelector } from '@tabler/icons-react'
import { useNavigate } from '@tanstack/react-router'
import { useAccountNames } from '../data/access.ts'
import { useWhoCan } from '../data/policy.ts'
import { links } from '../paths.ts'
import { StateChip } from '../ui/chip.tsx'
import { Section } from '../ui/detail-page.tsx'
import { Failure } from '../ui/failure.tsx'
import { Rows } from '../ui/rows.tsx'
import styles from './policies.module.css'
import { Demands } from './policy-card.tsx'
import type { PoliciesSearch } from './search.ts'
import { AccountField } from './why.tsx'

type Person = policy.WhoCan['people'][number]

/** Everybody who could get an account, and what would be demanded of them. */
export function WhoCan({ search }: { search: PoliciesSearch }) {
  const navigate = useNavigate()
  const names = useAccountNames()
  const action = search.action ?? 'connect'
  const narrow = useDebouncedCallback((change: PoliciesSearch) => void navigate(links.policies({ ...search, ...change })), 250)
  const account = search.account && /^[^@\s]{1,64}@[^@\s]{1,64}$/.test(search.account) ? search.account : undefined
  const found = useWhoCan(account, action)
  const people = found.data?.people.filter((p) => p.allowed || p.forged)
  return (
    <>
      <div className={styles.ask}>
        <AccountField names={names.data ?? []} value={search.account} onChange={(value) => narrow({ account: value })} />
        <NativeSelect
          label="To"
          data={['connect', 'reveal']}
          value={action}
          rightSection={<IconSelector size={15} />}
          onChange={(event) => narrow({ action: event.currentTarget.value === 'reveal' ? 'reveal' : undefined })}
        />
      </div>
      {!account && <p className="quiet">Choose an account.</p>}
      {found.error && <Failure error={found.error} retry={() => found.refetch()} />}
      {account && !found.error && (
        <>
          <Section title="Groups">
            <Rows
              label="Groups"
              rows={found.data?.groups}
              idOf={(g) => g.group}
              columns={[
                { name: 'Group', cell: (g) => g.group, narrow: 'top' },
                {
                  name: 'Demands',
                  cell: (g) =>
                    g.allowed ? (
                      <Demands policy={{ demands: g.obligations, effect: 'permit', act: null, waitSeconds: null }} />
                    ) : (
                      <span className="quiet">{g.code === 'policy.no_permit' ? 'No policy permits it to them.' : g.message}</span>
                    ),
                  narrow: 'bottom',
                },
                { name: 'Answer', cell: (g) => <Answer allowed={g.allowed} />, narrow: 'top-end', tight: true },
              ]}
            />
          </Section>
          <Section title={`People who could${people ? `: ${people.filter((p) => p.allowed).length} of ${found.data?.looked}` : ''}`}>
            {people?.length === 0 && <p className="quiet">Nobody.</p>}
            {(!people || people.length > 0) && (
              <Rows<Person>
                label="People"
                rows={people}
                idOf={(p) => p.name}
                columns={[
                  { name: 'Person', cell: (p) => `${p.displayName} (${p.name})`, narrow: 'top' },
                  { name: 'Groups', cell: (p) => p.groups.join(', '), narrow: 'middle' },
                  {
                    name: 'Demands',
                    cell: (p) =>
                      p.forged ? (
                        p.message
                      ) : (
                        <Demands policy={{ demands: p.obligations, effect: 'permit', act: null, waitSeconds: null }} />
                      ),
                    narrow: 'bottom',
                  },
                  { name: 'By', cell: (p) => <code>{p.because.join(', ')}</code>, tight: true },
                  {
                    name: 'Answer',
                    cell: (p) => (p.forged ? <StateChip word="Forged" tone="bad" /> : <Answer allowed={p.allowed} />),
                    narrow: 'top-end',
                    tight: true,
                  },
                ]}
              />
            )}
            {found.data?.complete === false && <p className="quiet">Only the first {found.data.looked} people by name were looked at.</p>}
          </Section>
        </>
      )}
    </>
  )
}

const Answer = ({ allowed }: { allowed: boolean }) => (
  <StateChip {...(allowed ? { word: 'Yes', tone: 'good' } : { word: 'No', tone: 'over' })} />
)
