import { Button, TextInput } from '@mantine/core'
import { IconSearch } from '@tabler/icons-react'
import { useState } from 'react'
import type { SessionSearch } from '../data/session-search.ts'
import { Choice } from '../ui/choice.tsx'
import styles from './search.module.css'

/** Rules as docs/session-rules.md names them, in words. */
const rules = [
  ['any', 'Any alert'],
  ['none', 'No alert'],
  ['recursive_delete', 'Recursive delete'],
  ['drop', 'DROP'],
  ['truncate', 'TRUNCATE'],
  ['delete_all', 'DELETE of all rows'],
  ['update_all', 'UPDATE of all rows'],
  ['dump', 'Dump'],
  ['copy_out', 'COPY out'],
  ['many_rows', 'Many rows'],
  ['secrets_taken', 'Secrets taken'],
  ['history_wiped', 'History wiped'],
  ['audit_stopped', 'Audit stopped'],
  ['privilege_escalation', 'More privileges'],
] as const

const midnight = (day: string, plus = 0): string | undefined => {
  const at = new Date(`${day}T00:00:00`)
  if (day === '' || Number.isNaN(at.getTime())) return undefined
  at.setDate(at.getDate() + plus)
  return at.toISOString()
}

/** What is looked for; nothing is asked before it is sent, since each search is recorded. */
export function SearchForm({ busy, onSearch }: { busy: boolean; onSearch: (search: SessionSearch) => void }) {
  const [text, setText] = useState({ words: '', person: '', account: '', ticket: '', from: '', to: '' })
  const [alerts, setAlerts] = useState<(typeof rules)[number][0]>()
  const [exit, setExit] = useState<'failed'>()
  const field = (name: keyof typeof text) => ({
    value: text[name],
    onChange: (event: React.ChangeEvent<HTMLInputElement>) => setText({ ...text, [name]: event.currentTarget.value }),
  })
  const filled = (name: keyof typeof text): string | undefined => text[name].trim() || undefined
  return (
    <search>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault()
          const [since, until] = [midnight(text.from), midnight(text.to, 1)]
          const said = { words: filled('words'), person: filled('person'), account: filled('account'), ticket: filled('ticket') }
          onSearch({ ...said, since, until, alerts, exit })
        }}
      >
        <TextInput
          className={styles.words}
          type="search"
          aria-label="Words in recordings"
          placeholder="Words in recordings"
          leftSection={<IconSearch size={16} />}
          maxLength={200}
          spellCheck={false}
          autoCapitalize="none"
          {...field('words')}
        />
        <Button type="submit" loading={busy}>
          Search
        </Button>
        <TextInput aria-label="Person" placeholder="Person" maxLength={64} {...field('person')} />
        <TextInput aria-label="account@target" placeholder="account@target" maxLength={64} {...field('account')} />
        <TextInput aria-label="ITSM ticket" placeholder="ITSM ticket" maxLength={64} {...field('ticket')} />
        <TextInput
          type="date"
          aria-label="From day"
          leftSection={<span className={styles.bound}>From</span>}
          leftSectionWidth={50}
          {...field('from')}
        />
        <TextInput
          type="date"
          aria-label="To day"
          leftSection={<span className={styles.bound}>To</span>}
          leftSectionWidth={34}
          {...field('to')}
        />
        <Choice label="Alerts" all="Alerts or none" value={alerts} options={rules} onChoose={setAlerts} />
        <Choice label="Ending" all="However it ended" value={exit} options={[['failed', 'With an exit status but 0']]} onChoose={setExit} />
      </form>
    </search>
  )
}
