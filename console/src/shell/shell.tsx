import { Link, Outlet, useRouterState } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { useViewer } from '../data/identity.ts'
import { links } from '../paths.ts'
import { Mark } from '../ui/mark.tsx'
import { isTyping } from '../ui/use-list-keys.ts'
import { KeysHelp } from './keys-help.tsx'
import { Navigation } from './navigation.tsx'
import { PersonMenu } from './person-menu.tsx'
import styles from './shell.module.css'

/** What stands around every page of a signed-in person. */
export function Shell() {
  const { lab, seal } = useViewer()
  const [keys, setKeys] = useState(false)
  const main = useRef<HTMLElement>(null)
  const path = useRouterState({ select: (s) => s.location.pathname })
  const first = useRef(true)

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key === '?' && !isTyping(event)) setKeys(true)
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [])

  // A new page is read from its heading, as after loading a document. The last heading is the innermost page's.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the path is what it waits for
  useEffect(() => {
    if (first.current) {
      first.current = false
      return
    }
    const headings = main.current?.querySelectorAll<HTMLElement>('h1[tabindex]')
    headings?.item(headings.length - 1)?.focus({ preventScroll: true })
  }, [path])

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
          <PersonMenu showKeys={() => setKeys(true)} />
        </div>
      </header>
      <main id="main" ref={main} tabIndex={-1} className={styles.main}>
        <Outlet />
      </main>
      <KeysHelp opened={keys} onClose={() => setKeys(false)} />
    </div>
  )
}
