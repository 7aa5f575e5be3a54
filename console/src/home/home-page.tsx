import { useRef } from 'react'
import { useInbox } from '../data/access.ts'
import { useActsToDecide } from '../data/asks.ts'
import { useViewer } from '../data/identity.ts'
import { PageHeading } from '../ui/page-heading.tsx'
import { useListKeys } from '../ui/use-list-keys.ts'
import { useTitle } from '../ui/use-title.ts'
import { Alarms } from './alarms.tsx'
import { Controls } from './controls.tsx'
import styles from './home-page.module.css'
import { MyAccess } from './my-access.tsx'
import { SessionsNow } from './sessions-now.tsx'
import { Standing } from './standing.tsx'
import { WaitsForMe } from './waits-for-me.tsx'

const greeting = (hour: number) => (hour >= 5 && hour < 12 ? 'Good morning' : hour >= 12 && hour < 18 ? 'Good afternoon' : 'Good evening')

/** What waits for you, what you may use now, and how the house stands: each sees what is theirs. */
export function HomePage() {
  const viewer = useViewer()
  const inbox = useInbox(5000, viewer.decides)
  const held = useActsToDecide(viewer.decides).data?.length ?? 0
  const waiting = (inbox.data?.length ?? 0) + held
  const page = useRef<HTMLDivElement>(null)
  useListKeys(page)
  useTitle(waiting > 0 ? `(${waiting}) Home` : 'Home')
  return (
    <div className={styles.page} ref={page}>
      <PageHeading>
        {greeting(new Date().getHours())}, {viewer.person.displayName.split(' ')[0]}
      </PageHeading>
      <div className={styles.panels}>
        {viewer.readsLedger && <Alarms />}
        {viewer.decides && <WaitsForMe inbox={inbox} held={held} />}
        {viewer.asks && <MyAccess />}
        <SessionsNow />
        {viewer.seesControls && <Controls />}
        {viewer.seesInventory && <Standing />}
      </div>
    </div>
  )
}
