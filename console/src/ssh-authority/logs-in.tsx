import { Button } from '@mantine/core'
import { useState } from 'react'
import { useViewer } from '../data/identity.ts'
import { useAccountLogin, useChangeAccountLogin } from '../data/ssh-authority.ts'
import { announce } from '../ui/announcer.tsx'
import { CodeDialog } from '../ui/code-dialog.tsx'
import { Fact } from '../ui/facts.tsx'

/** On an account's page, where its host could let in by certificate: with what sessions log in. */
export function LogsIn({ account, name }: { account: string; name: string }) {
  const { data } = useAccountLogin(account)
  if (!data || (data.login === 'stored' && !data.possible)) return null
  const certificate = data.login === 'certificate'
  return (
    <Fact name="Sessions log in">
      {certificate ? 'by an SSH certificate of their own, good for minutes' : 'with what the vault keeps'}{' '}
      <Change account={account} name={name} certificate={certificate} />
    </Fact>
  )
}

function Change({ account, name, certificate }: { account: string; name: string; certificate: boolean }) {
  const viewer = useViewer()
  const change = useChangeAccountLogin(account)
  const [opened, setOpened] = useState(false)
  if (!viewer.administers) return null
  return (
    <>
      <Button variant="default" size="compact-sm" onClick={() => setOpened(true)}>
        {certificate ? 'Use what is stored…' : 'Use certificates…'}
      </Button>
      <CodeDialog
        opened={opened}
        onClose={() => setOpened(false)}
        title={certificate ? 'Log in with what the vault keeps' : 'Log in by certificate'}
        confirm="Change"
        act={({ code }) => change.mutateAsync({ login: certificate ? 'stored' : 'certificate', code }).then(() => announce('Changed.'))}
      >
        {certificate ? (
          <>
            Sessions with <code>{name}</code> get what the vault keeps of it again.
          </>
        ) : (
          <>
            Each session with <code>{name}</code> logs in by a certificate that is signed for it. What the vault keeps of the account stays,
            and no session gets it.
          </>
        )}
      </CodeDialog>
    </>
  )
}
