import { Button, Stack } from '@mantine/core'
import { IconCheck, IconDownload } from '@tabler/icons-react'
import { type ReactNode, useEffect, useState } from 'react'
import { Door } from '../sign-in/door.tsx'
import { announce } from '../ui/announcer.tsx'
import { saveFile } from '../ui/save-file.ts'
import { useTitle } from '../ui/use-title.ts'
import { type Custodian, fileName } from './custodians.ts'
import styles from './seal.module.css'
import type { Made } from './use-seal.ts'

interface Props {
  made: Made
  to: readonly Custodian[]
  onDone: () => void
  /** What happens next, and where the button leads. */
  end: { about: ReactNode; button: string }
}

/** A file for each custodian, which nobody else opens: it can be mailed. Each is saved before one goes on. */
export function HandOutFiles({ made: { shares, set }, to, onDone, end }: Props) {
  const [saved, setSaved] = useState<ReadonlySet<number>>(new Set())
  const left = shares.length - saved.size
  useTitle(left > 0 ? `${left} files to save` : 'Files saved')
  // leaving now would lose shares that nobody has
  useEffect(() => {
    if (left === 0) return
    const onLeave = (event: BeforeUnloadEvent) => event.preventDefault()
    window.addEventListener('beforeunload', onLeave)
    return () => window.removeEventListener('beforeunload', onLeave)
  }, [left])
  const save = (at: number, custodian: Custodian) => {
    saveFile(fileName(set, at + 1, custodian), `${shares[at]?.trimEnd()}\n`)
    setSaved(new Set([...saved, at]))
    announce(`The file for ${custodian.name} was saved.`)
  }
  return (
    <Door
      title="A file for each custodian"
      foot={left > 0 ? 'Do not close this page: the shares that are left would be lost, and all must be made anew.' : undefined}
    >
      <Stack gap="md">
        <p className={styles.about}>
          Save each, and send it to whom it is for: it opens with their private key alone, by <code>claviger share open</code>. Set{' '}
          <code>{set}</code>.
        </p>
        <ol className={styles.files} aria-label="Files">
          {to.map((custodian, i) => (
            <li key={custodian.key}>
              <span>{custodian.name}</span>
              <Button
                size="xs"
                variant={saved.has(i) ? 'default' : 'filled'}
                leftSection={saved.has(i) ? <IconCheck size={14} /> : <IconDownload size={14} />}
                onClick={() => save(i, custodian)}
              >
                {saved.has(i) ? `Save the file for ${custodian.name} again` : `Save the file for ${custodian.name}`}
              </Button>
            </li>
          ))}
        </ol>
        {left === 0 && <p className={styles.about}>{end.about}</p>}
        <Button onClick={onDone} disabled={left > 0} fullWidth>
          {end.button}
        </Button>
      </Stack>
    </Door>
  )
}
