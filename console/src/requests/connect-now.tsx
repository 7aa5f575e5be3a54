import { Link } from '@tanstack/react-router'
import { useActiveGrants } from '../data/home.ts'
import { useViewer } from '../data/identity.ts'
import { links } from '../paths.ts'
import { Section } from '../ui/detail-page.tsx'
import { When } from '../ui/when.tsx'
import { Connect } from './connect.tsx'

/** On the page of a target or account: how to connect with what the viewer holds there now. Nothing when they hold nothing. */
export function ConnectNow({ target, kind, account }: { target: string; kind: string; account?: string }) {
  const viewer = useViewer()
  const grants = useActiveGrants()
  const held = grants.data?.filter((g) => g.person.id === viewer.id && g.target === target && (account ?? g.account) === g.account) ?? []
  if (held.length === 0) return null
  return (
    <Section title="Your access">
      {held.map((g) => (
        <div key={g.id}>
          <p>
            <Link {...links.request(g.request)}>
              <code>
                {g.account}@{g.target}
              </code>
            </Link>{' '}
            until <When at={g.endsAt} as="moment" />
          </p>
          <Connect grant={g} kind={kind} flush />
        </div>
      ))}
    </Section>
  )
}
