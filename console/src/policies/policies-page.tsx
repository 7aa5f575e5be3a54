import { SegmentedControl } from '@mantine/core'
import { IconScale } from '@tabler/icons-react'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { useViewer } from '../data/identity.ts'
import { usePolicies, usePolicyChanges } from '../data/policy.ts'
import { links } from '../paths.ts'
import { DetailLoading } from '../ui/detail-page.tsx'
import { Empty } from '../ui/empty.tsx'
import { Failure } from '../ui/failure.tsx'
import { ListPage } from '../ui/list-page.tsx'
import { useTitle } from '../ui/use-title.ts'
import { Changes } from './changes.tsx'
import styles from './policies.module.css'
import { PolicyCard } from './policy-card.tsx'
import { Propose } from './propose.tsx'
import { WhoCan } from './who-can.tsx'
import { Why } from './why.tsx'

const route = getRouteApi('/shell/policies')
const shown = ['why', 'who', 'changes'] as const

/** The rules in force: which there are, why they answer so, and who could get what. */
export function PoliciesPage() {
  const search = route.useSearch()
  const navigate = useNavigate()
  const viewer = useViewer()
  const found = usePolicyChanges(viewer.seesPolicyChanges)
  const waiting = found.data?.changes.filter((change) => change.state === 'proposed').length ?? 0
  useTitle('Policies')
  return (
    <ListPage
      title="Policies"
      tools={
        <SegmentedControl
          aria-label="What to look at"
          size="xs"
          value={search.show ?? 'rules'}
          onChange={(value) => navigate(links.policies({ ...search, show: shown.find((one) => one === value) }))}
          data={[
            { value: 'rules', label: 'Rules' },
            { value: 'why', label: 'Why' },
            ...(viewer.asksWhoCan ? [{ value: 'who', label: 'Who can' }] : []),
            ...(viewer.seesPolicyChanges ? [{ value: 'changes', label: waiting > 0 ? `Changes · ${waiting}` : 'Changes' }] : []),
          ]}
        />
      }
    >
      {search.show === 'why' && <Why search={search} />}
      {search.show === 'who' && <WhoCan search={search} />}
      {search.show === 'changes' && <Changes />}
      {search.show === undefined && <Rules changes={viewer.changesPolicies} />}
    </ListPage>
  )
}

function Rules({ changes }: { changes: boolean }) {
  const found = usePolicies()
  const all = found.data?.policies
  if (found.isPending) return <DetailLoading />
  if (!all) return <Failure error={found.error} retry={() => found.refetch()} />
  if (all.length === 0)
    return (
      <Empty icon={<IconScale size={32} stroke={1.5} />} title="There are no rules">
        So nothing is granted to anybody.
      </Empty>
    )
  const forged = all.filter((p) => p.forged !== null)
  const sound = all.filter((p) => p.forged === null && p.state === 'active')
  const sets = [
    { title: 'Permits: who may ask, and what is collected', rules: sound.filter((p) => p.effect === 'permit') },
    { title: 'Floors: what no permit can lower', rules: sound.filter((p) => p.effect === 'forbid') },
    { title: 'Retired', rules: all.filter((p) => p.forged === null && p.state === 'retired') },
  ]
  return (
    <div className={styles.sets}>
      <div className={styles.above}>
        <p className="quiet">As the keeper attests them. What one person proposes comes into force when another has approved it.</p>
        {changes && <Propose />}
      </div>
      {forged.length > 0 && (
        <section aria-label="Forged rules" role="alert" className={styles.forged}>
          <h2>Not what was attested: nothing is granted until this is put right</h2>
          {forged.map((p) => (
            <PolicyCard key={p.id} policy={p} />
          ))}
        </section>
      )}
      {sets.map(
        ({ title, rules }) =>
          rules.length > 0 && (
            <section key={title} aria-label={title} className={styles.set}>
              <h2>{title}</h2>
              {rules.map((p) => (
                <PolicyCard key={p.id} policy={p}>
                  {changes && <Propose policy={p} />}
                </PolicyCard>
              ))}
            </section>
          ),
      )}
    </div>
  )
}
