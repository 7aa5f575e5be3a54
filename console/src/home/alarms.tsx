import { IconAlertTriangle, IconShieldCheck } from '@tabler/icons-react'
import { useAlarms } from '../data/home.ts'
import { Named } from '../data/names.tsx'
import { Detail } from '../history/detail.tsx'
import { Copyable } from '../ui/copyable.tsx'
import { When } from '../ui/when.tsx'
import { alarmInWords } from '../words/alarms.ts'
import { detailsOf } from '../words/ledger.ts'
import styles from './alarms.module.css'
import { Calm, Panel } from './panel.tsx'

/** What must not happen and did, newest first, with what to do about it. */
export function Alarms() {
  const alarms = useAlarms()
  const some = (alarms.data?.alarms.length ?? 0) > 0
  return (
    <Panel title="Alarms" wide={some} asked={alarms}>
      {({ alarms: all, names }) =>
        all.length === 0 ? (
          <Calm icon={<IconShieldCheck size={18} stroke={1.6} />}>None in the audit log.</Calm>
        ) : (
          <Named names={names}>
            <ul className={styles.alarms}>
              {all.map((alarm) => {
                const { title, todo } = alarmInWords(alarm.act)
                return (
                  <li key={alarm.id} className={styles.alarm}>
                    <IconAlertTriangle size={20} className={styles.icon} aria-hidden="true" />
                    <div className={styles.text}>
                      <p className={styles.title}>{title}</p>
                      <p>{todo}</p>
                      <p className={styles.details}>
                        <When at={alarm.at} as="moment" />
                        {detailsOf(alarm, '').map(([name, said]) => (
                          <Detail key={name} name={name} said={said} />
                        ))}
                        <Copyable value={alarm.id} what="entry's id" />
                      </p>
                    </div>
                  </li>
                )
              })}
            </ul>
          </Named>
        )
      }
    </Panel>
  )
}
