import type { people } from '@claviger/api'
import { Button } from '@mantine/core'
import { getRouteApi } from '@tanstack/react-router'
import { GrantLine } from '../access/grant-line.tsx'
import { usePersonGrants } from '../data/access.ts'
import { useViewer } from '../data/identity.ts'
import { useEndSignIn, usePerson, useSignOutOthers } from '../data/people.ts'
import { About } from '../history/about.tsx'
import { links } from '../paths.ts'
import { announce } from '../ui/announcer.tsx'
import { PlainChip, StateChip } from '../ui/chip.tsx'
import { DetailHead, DetailLoading, DetailPage, Section } from '../ui/detail-page.tsx'
import { Fact, Facts } from '../ui/facts.tsx'
import { Failure, Problem, Stale } from '../ui/failure.tsx'
import { Rows } from '../ui/rows.tsx'
import { useTitle } from '../ui/use-title.ts'
import { When } from '../ui/when.tsx'
import { personStates, signInWords } from '../words/people.ts'
import { AddKey } from './add-key.tsx'
import { Factors } from './factors.tsx'
import { Groups } from './groups.tsx'
import { Passkeys } from './passkeys.tsx'
import { PersonActs } from './person-acts.tsx'
import { RemoveKey } from './remove-key.tsx'

const route = getRouteApi('/shell/people/$id')

/** One person: what they sign in with, where they are signed in, what runs for them. One's own is one's profile. */
export function PersonPage() {
  const { id } = route.useParams()
  const found = usePerson(id)
  useTitle(found.data?.person.displayName ?? 'Person')
  return (
    <DetailPage back={links.people()} list="People">
      {found.isPending && <DetailLoading />}
      {found.data ? (
        <>
          {found.error && <Stale error={found.error} />}
          <Found key={id} shown={found.data} />
        </>
      ) : (
        found.error && <Failure page error={found.error} retry={() => found.refetch()} />
      )}
    </DetailPage>
  )
}

function Found({ shown }: { shown: people.PersonDetails }) {
  const { person: p, introducedBy } = shown
  const viewer = useViewer()
  const own = viewer.id === p.id
  return (
    <>
      <DetailHead
        of={p.id}
        title={p.displayName}
        chips={
          <>
            <StateChip {...personStates[p.state]} />
            {own && <PlainChip>you</PlainChip>}
            {p.groups.map((group) => (
              <PlainChip key={group}>{group}</PlainChip>
            ))}
          </>
        }
        acts={<PersonActs shown={shown} />}
      />
      <section aria-label="Facts">
        <Facts>
          <Fact name="Signs in as">
            <code>{p.name}</code>
          </Fact>
          {introducedBy && (
            <Fact name="Brought in by">
              {introducedBy.displayName}
              <span className="quiet">: somebody else confirms that this is them. Until then nothing opens.</span>
            </Fact>
          )}
          <Fact name="Since">
            <When at={shown.createdAt} as="moment" />
          </Fact>
        </Facts>
      </section>
      <Groups shown={shown} />
      <Factors shown={shown} />
      <Passkeys shown={shown} />
      <Keys shown={shown} own={own} />
      <SignIns shown={shown} own={own} />
      <Grants id={p.id} />
      {viewer.readsLedger && <About subject={p.id} />}
    </>
  )
}

function Keys({ shown, own }: { shown: people.PersonDetails; own: boolean }) {
  const viewer = useViewer()
  return (
    <Section
      title="SSH keys and certificates"
      aside={
        own && (
          <AddKey>
            {(open) => (
              <Button variant="default" size="compact-md" onClick={open}>
                Add a key…
              </Button>
            )}
          </AddKey>
        )
      }
    >
      {shown.sshKeys.length + shown.certificates.length === 0 && <p className="quiet">None. Certificates come from claviger login.</p>}
      {shown.sshKeys.length > 0 && (
        <Rows
          label="SSH keys"
          rows={shown.sshKeys}
          idOf={(k) => k.id}
          columns={[
            { name: 'Key', cell: (k) => k.label, narrow: 'top' },
            { name: 'Fingerprint', cell: (k) => <code>{k.fingerprint}</code>, narrow: 'middle' },
            { name: 'Added', cell: (k) => <When at={k.createdAt} as="moment" />, narrow: 'bottom', called: 'added', tight: true },
            ...(own || viewer.changesPeople
              ? [
                  {
                    name: 'Remove',
                    cell: (k: (typeof shown.sshKeys)[number]) => <RemoveKey person={shown.person} sshKey={k} own={own} />,
                    narrow: 'bottom-end' as const,
                    tight: true as const,
                  },
                ]
              : []),
          ]}
        />
      )}
      {shown.certificates.map((c) => (
        <p key={c.validUntil}>
          A certificate for the SSH gateway holds until <When at={c.validUntil} as="moment" />.
        </p>
      ))}
    </Section>
  )
}

function SignIns({ shown, own }: { shown: people.PersonDetails; own: boolean }) {
  const [end, others] = [useEndSignIn(), useSignOutOthers()]
  return (
    <Section
      title="Signed in"
      aside={
        own &&
        shown.signIns.length > 1 && (
          <Button
            variant="default"
            size="compact-md"
            loading={others.isPending}
            onClick={() => others.mutate(undefined, { onSuccess: ({ ended }) => announce(`Ended ${ended}.`) })}
          >
            Sign out everywhere else
          </Button>
        )
      }
    >
      <Problem error={end.error ?? others.error} />
      {shown.signIns.length === 0 && <p className="quiet">Nowhere at this moment.</p>}
      {shown.signIns.length > 0 && (
        <Rows
          label="Sign-ins"
          rows={shown.signIns}
          idOf={(s) => s.id}
          columns={[
            { name: 'How', cell: (s) => `${signInWords[s.kind]}${s.current ? ', this one' : ''}`, narrow: 'top' },
            { name: 'From', cell: (s) => <code>{s.source}</code>, narrow: 'middle' },
            { name: 'Since', cell: (s) => <When at={s.createdAt} as="moment" />, tight: true },
            { name: 'Last used', cell: (s) => <When at={s.lastSeenAt} />, narrow: 'bottom', called: 'used', tight: true },
            ...(own
              ? [
                  {
                    name: 'End',
                    cell: (s: people.SignInShown) =>
                      !s.current && (
                        <Button
                          variant="default"
                          size="compact-sm"
                          onClick={() => end.mutate(s.id, { onSuccess: () => announce('Ended.') })}
                        >
                          End
                        </Button>
                      ),
                    narrow: 'bottom-end' as const,
                    tight: true as const,
                  },
                ]
              : []),
          ]}
        />
      )}
    </Section>
  )
}

function Grants({ id }: { id: string }) {
  const grants = usePersonGrants(id)
  return (
    <Section title="Access now">
      {grants.error && <Problem error={grants.error} />}
      {grants.data?.length === 0 && <p className="quiet">No grant runs.</p>}
      {grants.data?.map((g) => (
        <GrantLine key={g.id} grant={g} to={links.approval(g.request)} />
      ))}
    </Section>
  )
}
