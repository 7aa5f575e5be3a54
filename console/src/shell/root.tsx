import { type ErrorComponentProps, Outlet, useRouter } from '@tanstack/react-router'
import { useCallback, useEffect } from 'react'
import { passes } from '../data/keep-asking.ts'
import { Announcer } from '../ui/announcer.tsx'
import { Empty } from '../ui/empty.tsx'
import { Failure } from '../ui/failure.tsx'
import { LinkButton } from '../ui/link-button.tsx'
import { Mark } from '../ui/mark.tsx'
import { useTitle } from '../ui/use-title.ts'
import styles from './root.module.css'

export const Root = () => (
  <>
    <Outlet />
    <Announcer />
  </>
)

/** Before anyone is known, or when a page itself broke: no navigation, only what happened and a way on. */
export function PageFailure({ error, reset }: ErrorComponentProps) {
  const router = useRouter()
  useTitle('Not available')
  const retry = useCallback(() => {
    reset()
    void router.invalidate()
  }, [reset, router])
  useEffect(() => {
    if (!passes(error)) return
    const timer = setTimeout(retry, 4000)
    return () => clearTimeout(timer)
  }, [error, retry])
  return (
    <main className={styles.alone}>
      <h1 className={styles.brand}>
        <Mark size={28} /> Claviger
      </h1>
      <Failure error={error} retry={retry} />
    </main>
  )
}

export function PageMissing() {
  useTitle('Not found')
  return (
    <main className={styles.alone}>
      <h1 className={styles.brand}>
        <Mark size={28} /> Claviger
      </h1>
      <Empty
        icon={null}
        title="There is no page at this address"
        action={
          <LinkButton to="/" variant="default">
            Go to the start
          </LinkButton>
        }
      >
        Check the link, or look for the request or session in its list.
      </Empty>
    </main>
  )
}
