import { Button } from '@mantine/core'
import { useViewer } from '../data/identity.ts'
import { usePasswordPolicies } from '../data/passwords.ts'
import { Section } from '../ui/detail-page.tsx'
import { Fact, Facts } from '../ui/facts.tsx'
import { Failure } from '../ui/failure.tsx'
import { ListPage } from '../ui/list-page.tsx'
import { useTitle } from '../ui/use-title.ts'
import { sortsInWords } from '../words/passwords.ts'
import { AddPolicy } from './add-policy.tsx'
import { PolicyRows } from './policy-rows.tsx'
import { VersionsKept } from './versions-kept.tsx'

/** What passwords have to be, and which targets may have less. */
export function PasswordsPage() {
  const found = usePasswordPolicies()
  const viewer = useViewer()
  useTitle('Passwords')
  if (found.error) return <Failure error={found.error} retry={() => found.refetch()} />
  const all = found.data?.policies.filter((p) => p.state === 'active' || p.forged !== null)
  const policies = all?.filter((p) => p.exception === null)
  const exceptions = all?.filter((p) => p.exception !== null)
  return (
    <ListPage
      title="Passwords"
      tools={viewer.administers && <AddPolicy>{(open) => <Button onClick={open}>Add a policy</Button>}</AddPolicy>}
    >
      <p className="quiet">
        The keeper makes every password by these, and by what the target can take. All policies that fit an account add up to the strictest.
      </p>
      {found.data && (
        <Facts>
          <Fact name="Where none says more">
            {found.data.standard.length} characters of {sortsInWords(found.data.standard.classes)}: {Math.floor(found.data.standard.bits)}{' '}
            bits
          </Fact>
          <Fact name="Never below">
            {found.data.floor.length} characters, {found.data.floor.classes} sorts, {found.data.floor.bits} bits
          </Fact>
        </Facts>
      )}
      <Section title="Policies">
        {policies?.length === 0 ? (
          <p className="quiet">None says more than the code does.</p>
        ) : (
          <PolicyRows label="Policies" rows={policies} />
        )}
      </Section>
      <Section title="Exceptions">
        {exceptions?.length === 0 ? (
          <p className="quiet">None: every target takes what is demanded.</p>
        ) : (
          <PolicyRows label="Exceptions" rows={exceptions} />
        )}
      </Section>
      <VersionsKept />
    </ListPage>
  )
}
