import { UnstyledButton } from '@mantine/core'
import { IconMenu2 } from '@tabler/icons-react'
import { Link, useRouterState } from '@tanstack/react-router'
import { useEffect, useId, useState } from 'react'
import { Sheet } from '../ui/sheet.tsx'
import styles from './navigation.module.css'
import { type Place, useSections } from './sections.ts'

const PlaceLink = ({ place: { to, icon: Icon, label, Count } }: { place: Place }) => (
  <Link
    to={to as '/'}
    activeOptions={{ includeSearch: false, exact: to === '/' }}
    className={styles.item}
    activeProps={{ 'aria-current': 'page' }}
  >
    <Icon size={20} stroke={1.7} aria-hidden="true" />
    <span>{label}</span>
    {Count && <Count />}
  </Link>
)

/** Where one can go. At the side where there is room; under the thumb, with the rest behind "More", where there is not. */
export function Navigation() {
  const groups = useSections()
  const thumb = groups.flatMap(({ places }) => places.filter((place) => place.thumb))
  return (
    <>
      <nav className={styles.side} aria-label="Main">
        <Groups groups={groups} />
      </nav>
      <nav className={styles.thumb} aria-label="Main">
        {thumb.map((place) => (
          <PlaceLink key={place.to} place={place} />
        ))}
        <More groups={groups} />
      </nav>
    </>
  )
}

function Groups({ groups }: { groups: ReturnType<typeof useSections> }) {
  const id = useId()
  return groups.map(({ title, places }) => (
    <ul key={title} className={styles.group} aria-labelledby={title ? `${id}${title}` : undefined}>
      {title && (
        <li className={styles.title} id={`${id}${title}`}>
          {title}
        </li>
      )}
      {places.map((place) => (
        <li key={place.to}>
          <PlaceLink place={place} />
        </li>
      ))}
    </ul>
  ))
}

function More({ groups }: { groups: ReturnType<typeof useSections> }) {
  const [opened, setOpened] = useState(false)
  const path = useRouterState({ select: (state) => state.location.pathname })
  // biome-ignore lint/correctness/useExhaustiveDependencies: having gone somewhere closes it
  useEffect(() => setOpened(false), [path])
  return (
    <>
      <UnstyledButton className={styles.item} aria-haspopup="dialog" aria-expanded={opened} onClick={() => setOpened(true)}>
        <IconMenu2 size={20} stroke={1.7} aria-hidden="true" />
        <span>More</span>
      </UnstyledButton>
      <Sheet opened={opened} onClose={() => setOpened(false)} title="Where to">
        <nav className={styles.sheet} aria-label="All pages">
          <Groups groups={groups} />
        </nav>
      </Sheet>
    </>
  )
}
