import { Popover, SegmentedControl, UnstyledButton, useMantineColorScheme } from '@mantine/core'
import { IconApi, IconChevronUp, IconKeyboard, IconLogout, IconUserCircle } from '@tabler/icons-react'
import { useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useSignOut, useViewer } from '../data/identity.ts'
import { links } from '../paths.ts'
import { When } from '../ui/when.tsx'
import { zone } from '../words/time.ts'
import styles from './person-menu.module.css'

const initials = (name: string) =>
  name
    .split(/\s+/)
    .map((part) => part[0])
    .slice(0, 2)
    .join('')
    .toUpperCase()

export function PersonMenu({ showKeys }: { showKeys: () => void }) {
  const { person, signIn } = useViewer()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const signOut = useSignOut()
  const navigate = useNavigate()
  const queries = useQueryClient()

  // whatever the server says, this page shows nothing any more
  const leave = () =>
    signOut.mutate(undefined, {
      onSettled: async () => {
        await navigate(links.signIn())
        queries.clear()
      },
    })

  return (
    <Popover position="top-start" width={248} shadow="md" offset={6} trapFocus returnFocus>
      <Popover.Target>
        <UnstyledButton className={styles.button}>
          <span className={styles.face} aria-hidden="true">
            {initials(person.displayName)}
          </span>
          <span className={styles.who}>
            <span className={styles.display}>{person.displayName}</span>
            <span className={styles.groups}>{person.groups.join(', ') || 'no group'}</span>
          </span>
          <IconChevronUp className={styles.chevron} size={16} aria-hidden="true" />
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown className={styles.menu} aria-label="You and this console">
        <p className={styles.about}>
          Signed in as <strong>{person.name}</strong>
          <br />
          until <When at={signIn.expiresAt} as="moment" /> {zone(Date.parse(signIn.expiresAt))} at the latest
        </p>
        <div className={styles.colours}>
          <span id="colours-label">Colours</span>
          <SegmentedControl
            aria-labelledby="colours-label"
            size="xs"
            fullWidth
            value={colorScheme}
            onChange={(value) => setColorScheme(value as 'auto' | 'light' | 'dark')}
            data={[
              { value: 'auto', label: 'System' },
              { value: 'light', label: 'Light' },
              { value: 'dark', label: 'Dark' },
            ]}
          />
        </div>
        <Link {...links.person(person.id)} className={styles.item}>
          <IconUserCircle size={18} aria-hidden="true" /> Your profile
        </Link>
        <UnstyledButton className={styles.item} onClick={showKeys}>
          <IconKeyboard size={18} aria-hidden="true" /> Keys <kbd className={styles.key}>?</kbd>
        </UnstyledButton>
        <UnstyledButton component="a" className={styles.item} href="/api/docs">
          <IconApi size={18} aria-hidden="true" /> API
        </UnstyledButton>
        <UnstyledButton className={styles.item} onClick={leave}>
          <IconLogout size={18} aria-hidden="true" /> Sign out
        </UnstyledButton>
      </Popover.Dropdown>
    </Popover>
  )
}
