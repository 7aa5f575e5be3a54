import { Button, TextInput } from '@mantine/core'
import { useState } from 'react'
import { Problem } from '../../ui/failure.tsx'
import styles from '../web-session.module.css'

/** What is said before a session begins, and the one thing that may be chosen. */
export function BeforeSql({ error, onBegin }: { error: unknown; onBegin: (database: string) => void }) {
  const [database, setDatabase] = useState('')
  return (
    <form
      className={styles.before}
      onSubmit={(event) => {
        event.preventDefault()
        onBegin(database.trim())
      }}
    >
      <p>
        Every statement is <strong>recorded</strong> before the database gets it, and may be watched. The credential is used for you; you
        never hold it.
      </p>
      <TextInput
        label="Database"
        description="Left empty: the one that the target is known by."
        value={database}
        maxLength={63}
        autoComplete="off"
        spellCheck={false}
        onChange={(e) => setDatabase(e.currentTarget.value)}
      />
      <Button type="submit" data-autofocus>
        Begin the recorded session
      </Button>
      <Problem error={error} />
    </form>
  )
}
