import { Autocomplete, NativeSelect } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { IconSelector } from '@tabler/icons-react'
import { useNavigate } from '@tanstack/react-router'
import { useAccountNames } from '../data/access.ts'
import { useViewer } from '../data/identity.ts'
import { usePeople } from '../data/people.ts'
import { useWhy } from '../data/policy.ts'
import { links } from '../paths.ts'
import { StateChip } from '../ui/chip.tsx'
import { Failure } from '../ui/failure.tsx'
import { obligationsInWords } from '../words/access.ts'
import styles from './policies.module.css'
import type { PoliciesSearch } from './search.ts'

const whole = (account: string | undefined) => account !== undefined && /^[^@\s]{1,64}@[^@\s]{1,64}$/.test(account)

/** What policy answers to somebody, by which rules, and what would be a yes. */
export function Why({ search }: { search: PoliciesSearch }) {
  const viewer = useViewer()
  const navigate = useNavigate()
  const names = useAccountNames()
  const people = usePeople({})
  const person = search.person ?? viewer.person.name
  const action: 'connect' | 'reveal' = search.action ?? 'connect'
  const narrow = useDebouncedCallback((change: PoliciesSearch) => void navigate(links.policies({ ...search, ...change })), 250)
  const asked = search.account !== undefined && whole(search.account) ? { person, account: search.account, action } : undefined
  const why = useWhy(asked)
  return (
    <>
      <div className={styles.ask}>
        <Autocomplete
          label="Person"
          description={viewer.asksWhoCan ? 'As they sign in' : 'Others are asked about by those who decide'}
          data={people.data?.map((p) => p.name) ?? []}
          limit={8}
          maxLength={127}
          disabled={!viewer.asksWhoCan}
          defaultValue={person}
          onChange={(value) => narrow({ person: value || undefined })}
        />
        <NativeSelect
          label="Wants to"
          data={['connect', 'reveal']}
          value={action}
          rightSection={<IconSelector size={15} />}
          onChange={(event) => narrow({ action: event.currentTarget.value === 'reveal' ? 'reveal' : undefined })}
        />
        <AccountField names={names.data ?? []} value={search.account} onChange={(account) => narrow({ account })} />
      </div>
      {!asked && <p className="quiet">Choose an account, such as deploy@web01: the answer is that of the code that requests go through.</p>}
      {why.error && <Failure error={why.error} retry={() => why.refetch()} />}
      {why.data && (
        <section className={styles.answer} data-no={!why.data.allowed || undefined} aria-label="The answer" aria-live="polite">
          <p>
            <StateChip {...(why.data.allowed ? { word: 'Yes', tone: 'good' } : { word: 'No', tone: 'bad' })} />{' '}
            <strong>{why.data.person.displayName}</strong>{' '}
            <span className="quiet">({why.data.person.groups.join(', ') || 'no group'})</span>
          </p>
          {why.data.message && <p>{why.data.message}</p>}
          {why.data.obligations && <p>{obligationsInWords(why.data.obligations).join(' · ')}</p>}
          {why.data.approvers.length > 0 && <p>Would be asked: {why.data.approvers.join(', ')}</p>}
          {why.data.rules.map((rule) => (
            <p key={rule.name}>
              <code>{rule.name}</code> {rule.effect}s{rule.title && <span className="quiet">: {rule.title}</span>}
            </p>
          ))}
          {!why.data.allowed && (
            <p className="quiet">
              {why.data.allowedGroups.length > 0
                ? `A member of ${why.data.allowedGroups.join(' or ')} alone would get a yes.`
                : 'No single group would get a yes.'}
            </p>
          )}
        </section>
      )}
    </>
  )
}

export const AccountField = ({
  names,
  value,
  onChange,
}: {
  names: readonly string[]
  value: string | undefined
  onChange: (account: string | undefined) => void
}) => (
  <Autocomplete
    label="Account"
    description="account@target"
    placeholder="deploy@web01"
    data={[...names]}
    limit={8}
    maxLength={129}
    autoCapitalize="none"
    spellCheck={false}
    defaultValue={value ?? ''}
    onChange={(text) => onChange(text.trim() || undefined)}
  />
)
