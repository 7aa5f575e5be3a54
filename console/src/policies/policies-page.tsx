import { SegmentedControl } from '@mantine/core'
import { IconScale } from '@tabler/icons-react'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { useViewer } from '../data/identity.ts'
import { usePolicies } from '../data/policy.ts'
import { links } from '../paths.ts'
import { DetailLoading } from '../ui/detail-page.tsx'
import { Empty } from '../ui/empty.tsx'
import { Failure } from '../ui/failure.tsx'
import { ListPage } from '../ui/list-page.tsx'
import { useTitle } from '../ui/use-title.ts'
import styles from './policies.module.css'
import { PolicyCard } from './policy-card.tsx'
import { WhoCan } from './who-can.tsx'
import { Why } from './why.tsx'

const route = getRouteApi('/shell/policies')

/** The rules in force: which there are, why they answer so, and who could get what. */
export function PoliciesPage() {
  const search = route.useSearch()
  const navigate = useNavigate()
  const viewer = useViewer()
  useTitle('Policies')
  return (
    <ListPage
      title="Policies"
      tools={
        <SegmentedControl
          aria-label="What to look at"
          size="xs"
          value={search.show ?? 'rules'}
          onChange={(value) => navigate(links.policies({ ...search, show: value === 'why' || value === 'who' ? value : undefined }))}
          data={[
            { value: 'rules', label: 'Rules' },
            { value: 'why', label: 'Why' },
            ...(viewer.asksWhoCan ? [{ value: 'who', label: 'Who can' }] : []),
          ]}
        />
      }
    >
      {search.show === 'why' ? <Why search={search} /> : search.show === 'who' ? <WhoCan search={search} /> : <Rules />}
    </ListPage>
  )
}

function Rules() {
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
  const sets = [
    { title: 'Permits: who may ask, and what is collected', rules: all.filter((p) => p.effect === 'permit' && !p.forged) },
    { title: 'Floors: what no permit can lower', rules: all.filter((p) => p.effect === 'forbid' && !p.forged) },
  ]
  return (
    <div className={styles.sets}>
      <p className="quiet">
        As the keeper attests them, not as files say. Read only for now: a change that a second person approves is not built yet.
      </p>
      {forged.length > 0 && (
        <section aria-label="Forged rules" role="alert" className={styles.forged}>
          <h2>Not what was attested: nothing is granted until this is put right</h2>
          {forged.map((p) => (
            <PolicyCard key={p.id} policy={p} />
          ))}
        </section>
      )}
      {sets.map(({ title, rules }) => (
        <section key={title} aria-label={title} className={styles.set}>
          <h2>{title}</h2>
          {rules.map((p) => (
            <PolicyCard key={p.id} policy={p} />
          ))}
        </section>
      ))}
    </div>
  )
}
