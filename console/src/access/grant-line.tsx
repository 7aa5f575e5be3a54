import type { access } from '@claviger/api'
import { Link, type LinkProps } from '@tanstack/react-router'
import { When } from '../ui/when.tsx'

/** A grant that runs, in one line: what it opens, and until when. It leads to the request that became it. */
export const GrantLine = ({ grant: g, to }: { grant: access.Grant; to: LinkProps }) => (
  <p>
    <Link {...to}>
      <code>
        {g.account}@{g.target}
      </code>
    </Link>{' '}
    until <When at={g.endsAt} as="moment" />
  </p>
)
