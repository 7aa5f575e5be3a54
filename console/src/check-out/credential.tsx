import type { access } from '@claviger/api'
import { Button, Group, Stack } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import { revealCredential } from '../data/check-out.ts'
import { announce } from '../ui/announcer.tsx'
import { CodeDialog } from '../ui/code-dialog.tsx'
import { Section } from '../ui/detail-page.tsx'

/** How long a credential stays on the page and in the clipboard. */
const keptSeconds = 30

/** The credential that the viewer holds: masked, shown and copied on demand, and taken away again, from the clipboard too. */
export function Credential({ grant }: { grant: access.Grant }) {
  const [opened, setOpened] = useState(false)
  const [value, setValue] = useState<string>()
  const [seen, setSeen] = useState(false)
  const copied = useRef(false)

  useEffect(() => {
    if (value === undefined) return
    const away = () => {
      setValue(undefined)
      setSeen(false)
      // only what we put there; a page without focus may not write, and then the browser says no
      if (copied.current) void navigator.clipboard.writeText('').catch(() => undefined)
      copied.current = false
    }
    const timer = setTimeout(() => {
      away()
      announce('The credential was taken away, and cleared from the clipboard.')
    }, keptSeconds * 1000)
    return () => {
      clearTimeout(timer)
      if (copied.current) void navigator.clipboard.writeText('').catch(() => undefined)
      copied.current = false
    }
  }, [value])

  return (
    <Section title="The credential">
      <Stack gap="sm">
        {value === undefined ? (
          <p className="quiet">You hold this account alone. Showing it takes a code, and stands in the audit log with your name.</p>
        ) : (
          <code data-testid="credential" style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
            {seen ? value : '••••••••••••••••••••'}
          </code>
        )}
        <Group gap="sm">
          {value === undefined ? (
            <Button onClick={() => setOpened(true)}>Get the credential…</Button>
          ) : (
            <>
              <Button variant="default" onClick={() => setSeen(!seen)}>
                {seen ? 'Mask' : 'Show'}
              </Button>
              <Button
                variant="default"
                onClick={() => {
                  void navigator.clipboard.writeText(value).then(() => {
                    copied.current = true
                    announce(`Copied. The clipboard is cleared in ${keptSeconds} seconds.`)
                  })
                }}
              >
                Copy
              </Button>
              <span className="quiet">It goes away after {keptSeconds} seconds.</span>
            </>
          )}
        </Group>
      </Stack>
      <CodeDialog
        opened={opened}
        onClose={() => setOpened(false)}
        title="Get the credential"
        confirm="Get it"
        act={({ code }) => revealCredential(grant.id, code).then((shown) => setValue(shown.value))}
      >
        Of{' '}
        <code>
          {grant.account}@{grant.target}
        </code>
        , once for this code. It is replaced when you give the account back.
      </CodeDialog>
    </Section>
  )
}
