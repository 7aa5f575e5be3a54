import { Link, Outlet } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { useViewer } from '../data/identity.ts'
import { links } from '../paths.ts'
import { Mark } from '../ui/mark.tsx'
import { isTyping } from '../ui/use-list-keys.ts'
import { zone } from '../words/time.ts'
import { BreakglassBanner } from './breakglass-banner.tsx'
import { KeysHelp } from './keys-help.tsx'
import { Navigation } from './navigation.tsx'
import { PersonMenu } from './person-menu.tsx'
import styles from './shell.module.css'

/** What stands around every page of a signed-in person. */
export function Shell() {
  const { lab, seal } = useViewer()
  const [keys, setKeys] = useState(false)

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key === '?' && !isTyping(event)) setKeys(true)
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [])

  return (
    <div className={styles.shell}>
      <a className="skip" href="#main">
        Skip to the content
      </a>
      <header className={styles.bar}>
        <Link {...links.home()} className={styles.brand} aria-label="Claviger, start">
          <Mark size={26} />
          <span className={styles.name}>Claviger</span>
        </Link>
        <Navigation />
        <div className={styles.foot}>
          {(lab || seal === 'dev') && (
            <p className={styles.lab} title="Sample people and targets; the seal is a key file. Not for real secrets.">
              {lab ? 'Lab' : 'Dev seal'}
              <span className={styles.labMore}>{lab ? ': sample people and targets' : ': not for real secrets'}</span>
            </p>
          )}
          <p className={styles.zone}>Times are {zone(Date.now())}</p>
          <PersonMenu showKeys={() => setKeys(true)} />
        </div>
      </header>
      <main id="main" tabIndex={-1} className={styles.main}>
        <BreakglassBanner />
        <Outlet />
      </main>
      <KeysHelp opened={keys} onClose={() => setKeys(false)} />
    </div>
  )
}
