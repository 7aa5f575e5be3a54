import { GrantLine } from '../access/grant-line.tsx'
import { InHand } from '../check-out/in-hand.tsx'
import { useActiveGrants } from '../data/home.ts'
import { useViewer } from '../data/identity.ts'
import { links } from '../paths.ts'
import { Section } from '../ui/detail-page.tsx'

/** On the page of a target or account: what the viewer holds there now, and how it is used. Nothing when they hold nothing. */
export function ConnectNow({ target, kind, account }: { target: string; kind: string; account?: string }) {
  const viewer = useViewer()
  const grants = useActiveGrants()
  const held = grants.data?.filter((g) => g.person.id === viewer.id && g.target === target && (account ?? g.account) === g.account) ?? []
  if (held.length === 0) return null
  return (
    <Section title="Your access">
      {held.map((g) => (
        <div key={g.id}>
          <GrantLine grant={g} to={links.request(g.request)} />
          <InHand grant={g} kind={kind} flush />
        </div>
      ))}
    </Section>
  )
}
