import type { access } from '@claviger/api'
import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { EndGrant } from '../access/end-grant.tsx'
import { TimeLeft } from '../check-out/time-left.tsx'
import { links } from '../paths.ts'
import { PlainChip } from '../ui/chip.tsx'
import { Copyable } from '../ui/copyable.tsx'
import { LinkButton } from '../ui/link-button.tsx'
import styles from './my-access.module.css'
import list from './panel.module.css'

/** What the viewer holds now: for how long yet, how it is used, and the way to give it back. */
export const MyGrant = ({ grant: g }: { grant: access.Grant }) => (
  <li className={list.row}>
    <div className={list.main}>
      <Link {...links.request(g.request)} data-row>
        <code>
          {g.account}@{g.target}
        </code>
      </Link>
      <TimeLeft grant={g} />
    </div>
    {g.exclusive && <PlainChip>yours alone</PlainChip>}
    <span className={styles.use}>
      {g.action === 'reveal' ? (
        <LinkButton {...links.request(g.request)} variant="default" size="compact-sm">
          See the credential…
        </LinkButton>
      ) : (
        <Copyable value={`./claviger connect ${g.account}@${g.target}`} what="command" />
      )}
      <EndGrant grant={g}>
        {(open) => (
          <Button variant="default" size="compact-sm" onClick={open} aria-label={`Give back… ${g.account}@${g.target}`}>
            Give back…
          </Button>
        )}
      </EndGrant>
    </span>
  </li>
)
