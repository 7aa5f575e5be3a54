import type { inventory } from '@claviger/api'
import { Button } from '@mantine/core'
import { IconRotateClockwise } from '@tabler/icons-react'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { useCallback, useRef } from 'react'
import { HeldBy } from '../check-out/held-by.tsx'
import { Reveals } from '../check-out/reveals.tsx'
import { BringIn } from '../credentials/bring-in.tsx'
import { useActiveGrants } from '../data/home.ts'
import { useViewer } from '../data/identity.ts'
import { useAccount, useKinds } from '../data/inventory.ts'
import { Dependents } from '../dependents/dependents.tsx'
import { LoginsSeen } from '../dependents/logins-seen.tsx'
import { Observed } from '../dependents/observed.tsx'
import { About } from '../history/about.tsx'
import { links } from '../paths.ts'
import { ConnectNow } from '../requests/connect-now.tsx'
import { LogsIn } from '../ssh-authority/logs-in.tsx'
import { PlainChip, StateChip, TierChip } from '../ui/chip.tsx'
import { Copyable } from '../ui/copyable.tsx'
import { DetailHead, DetailLoading, DetailPage, Section } from '../ui/detail-page.tsx'
import { Fact, Facts } from '../ui/facts.tsx'
import { Failure, Stale } from '../ui/failure.tsx'
import { LinkButton } from '../ui/link-button.tsx'
import { useListKeys } from '../ui/use-list-keys.ts'
import { useTitle } from '../ui/use-title.ts'
import { privilegesInWords } from '../words/access.ts'
import { accountStates, byHandInWords, categoryWords, certifiedInWords } from '../words/inventory.ts'
import { Care } from './care.tsx'
import { CertificateOf, useCertificate } from './certificate-of.tsx'
import { OpenOrder } from './open-order.tsx'
import { Rotate } from './rotate.tsx'
import { Rotations } from './rotations.tsx'
import { StandingActs } from './standing-acts.tsx'
import { Versions } from './versions.tsx'
import { WhoHadAccess } from './who-had-access.tsx'

const route = getRouteApi('/shell/accounts/$id')

/** One privileged account: why it is one, what the vault holds of it, who had it and how its credential changed. */
export function AccountPage() {
  const { id } = route.useParams()
  const found = useAccount(id)
  const navigate = useNavigate()
  const list = useRef<HTMLDivElement>(null)
  const close = useCallback(() => void navigate(links.accounts()), [navigate])
  useListKeys(list, close)
  useTitle(found.data ? `${found.data.name}@${found.data.target.name}` : 'Account')
  return (
    <DetailPage back={links.accounts()} list="Accounts">
      <div ref={list} style={{ display: 'contents' }}>
        {found.isPending && <DetailLoading />}
        {found.data ? (
          <>
            {found.error && <Stale error={found.error} />}
            <Found key={id} account={found.data} />
          </>
        ) : (
          found.error && <Failure page error={found.error} retry={() => found.refetch()} />
        )}
      </div>
    </DetailPage>
  )
}

function Found({ account: a }: { account: inventory.Account }) {
  const viewer = useViewer()
  const name = `${a.name}@${a.target.name}`
  const state = accountStates[a.state]
  const certificate = useCertificate(a.id)
  return (
    <>
      <DetailHead
        of={a.id}
        title={<code>{name}</code>}
        chips={
          <>
            <StateChip {...state} />
            <TierChip tier={a.tier} label={a.tierLabel} />
            <PlainChip>{categoryWords[a.category]}</PlainChip>
            <PlainChip>{a.target.environment}</PlainChip>
          </>
        }
        acts={
          <>
            {a.byHand && a.state !== 'held' && <BringNext account={a} />}
            {!a.byHand && a.state !== 'held' && <BringCertificate account={a} />}
            {viewer.rotates && a.replaceable && (
              <Rotate account={a}>
                {(open) => (
                  <Button variant="default" leftSection={<IconRotateClockwise size={16} />} onClick={open}>
                    {a.state === 'found' ? 'Take over…' : 'Rotate now…'}
                  </Button>
                )}
              </Rotate>
            )}
            <StandingActs account={a} />
            <LinkButton {...links.newRequest(name)} variant={viewer.asks ? 'filled' : 'default'}>
              Request access
            </LinkButton>
          </>
        }
      />
      <ConnectNow target={a.target.name} kind={a.target.kind} account={a.name} />
      <section aria-label="Facts">
        <Facts>
          <Fact name="State">
            {a.state !== 'managed' ? state.about : a.byHand ? byHandInWords : certificate ? certifiedInWords : state.about}
          </Fact>
          <Observed account={a} />
          {a.observedSince !== null && <LoginsSeen account={a.id} />}
          <OpenOrder account={a.id} />
          {!a.byHand && <Care account={a} certified={certificate !== undefined} />}
          <HeldBy account={a.id} name={name} />
          {!a.byHand && <LogsIn account={a.id} name={name} />}
          {!a.byHand && <CertificateOf account={a.id} />}
          <Fact name="Privileges">
            {a.privileges.length === 0 && <span className="quiet">not known: Claviger does not reach it</span>}
            {privilegesInWords(a.privileges).join('; ')}
            {privilegesInWords(a.privileges).some((words) => !a.privileges.includes(words)) && (
              <span className="quiet"> ({a.privileges.join(', ')})</span>
            )}
          </Fact>
          <Fact name="Target">
            <Link {...links.target(a.target.id)}>{a.target.name}</Link>{' '}
            <span className="quiet">
              {a.target.kind}, {a.target.environment}
            </span>
          </Fact>
          <Fact name="Keys found">
            {a.byHand ? (
              <span className="quiet">nobody looked: Claviger does not reach it</span>
            ) : a.authorisedKeys.length === 0 ? (
              <span className="quiet">the last search saw no SSH key that opens it</span>
            ) : (
              a.authorisedKeys.map((key) => (
                <p key={key.fingerprint}>
                  <Copyable value={key.fingerprint} what="fingerprint" /> <span className="quiet">{key.comment}</span>
                </p>
              ))
            )}
          </Fact>
        </Facts>
      </section>
      <Section title="Credentials in the vault">
        <Versions account={a.id} />
      </Section>
      {!a.byHand && (
        <Section title="What uses it">
          <Dependents account={a} />
        </Section>
      )}
      <Section title="Who saw its credentials">
        <Reveals account={a.id} />
      </Section>
      {!a.byHand && (
        <Section title="Rotations">
          <Rotations account={a.id} />
        </Section>
      )}
      <Section title="Who had access">
        <WhoHadAccess account={a.id} />
      </Section>
      {viewer.readsLedger && <About subject={a.id} />}
    </>
  )
}

/** Administrators bring in any credential of an account, and who holds it alone the next version of one. */
function BringNext({ account: { name, target } }: { account: inventory.Account }) {
  const viewer = useViewer()
  const grants = useActiveGrants()
  const holds = grants.data?.some(
    (g) => g.person.id === viewer.id && g.action === 'reveal' && g.target === target.name && g.account === name,
  )
  return viewer.bringsManyCredentials || holds ? <BringIn target={target} account={name} /> : null
}

/** Where the target takes certificates, which nobody makes here: an administrator brings in each one. */
function BringCertificate({ account: { name, target } }: { account: inventory.Account }) {
  const viewer = useViewer()
  const kinds = useKinds()
  const only = kinds.data?.find((kind) => kind.name === target.kind)?.broughtKinds ?? []
  return viewer.bringsManyCredentials && only.length > 0 ? <BringIn target={target} account={name} only={only} /> : null
}
