import type { inventory } from '@claviger/api'
import { Button, NativeSelect, TextInput } from '@mantine/core'
import { IconPlus, IconSelector } from '@tabler/icons-react'
import { useState } from 'react'
import { useAddDependent } from '../data/dependents.ts'
import { useTargets } from '../data/inventory.ts'
import { announce } from '../ui/announcer.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { StepUpForm } from '../ui/step-up-form.tsx'

const spellings = [
  { value: 'plain', label: 'as it is' },
  { value: 'json', label: 'between " (JSON, YAML)' },
  { value: 'shell', label: "between ' (shell)" },
  { value: 'url', label: 'in a URL' },
] as const
type Spelling = (typeof spellings)[number]['value']

/** Says what else uses an account, and how it hears of a new credential. */
export function AddDependent({ account }: { account: inventory.Account }) {
  const [opened, setOpened] = useState(false)
  const close = () => setOpened(false)
  return (
    <div>
      <Button variant="default" leftSection={<IconPlus size={16} />} onClick={() => setOpened(true)}>
        Add what uses it…
      </Button>
      <Dialog opened={opened} onClose={close} title="What is told of a new credential" size={560}>
        <AddForm account={account} onClose={close} />
      </Dialog>
    </div>
  )
}

function AddForm({ account: a, onClose }: { account: inventory.Account; onClose: () => void }) {
  const hosts = useTargets({}).data?.targets.filter((t) => t.capabilities.includes('tell')) ?? []
  const [chosen, setChosen] = useState<string>()
  const [credential, setCredential] = useState<'password' | 'ssh-key'>(
    a.credentials.some((c) => c.kind === 'password') ? 'password' : 'ssh-key',
  )
  const [text, setText] = useState({ path: '', line: '', command: '', unit: '', check: '' })
  const [as, setAs] = useState<Spelling>('plain')
  const add = useAddDependent(a.id)
  const host = chosen ?? hosts[0]?.name
  const field = (name: keyof typeof text) => ({
    value: text[name],
    onChange: (event: React.ChangeEvent<HTMLInputElement>) => {
      const { value } = event.currentTarget
      setText((before) => ({ ...before, [name]: value }))
    },
  })
  const { path, line, command, unit, check } = text
  const how = {
    ...(path && { file: { path, as, ...(line && { line }) } }),
    ...(command && { run: { command } }),
    ...(unit && { unit }),
    ...(check && { check }),
  }
  return (
    <StepUpForm
      onClose={onClose}
      confirm="Add"
      about="Your code sends each new credential of this account there."
      ready={host !== undefined && Boolean(path || command || unit)}
      aside={hosts.length === 0 && <span className="quiet">No target is a host. Add one of kind linux-ssh first.</span>}
      act={(code) =>
        add
          .mutateAsync({ host: host ?? '', credential, how, code })
          .then((added) => announce(added.state === 'proposed' ? 'Proposed. Somebody else confirms it.' : 'Added.'))
      }
    >
      <NativeSelect
        label="On"
        data={hosts.map((t) => t.name)}
        value={host ?? ''}
        rightSection={<IconSelector size={15} />}
        onChange={(event) => setChosen(event.currentTarget.value)}
      />
      <NativeSelect
        label="Credential"
        data={[
          { value: 'password', label: 'password' },
          { value: 'ssh-key', label: 'SSH key' },
        ]}
        value={credential}
        rightSection={<IconSelector size={15} />}
        onChange={(event) => setCredential(event.currentTarget.value as typeof credential)}
      />
      <TextInput label="File" description="Its owner and mode stay." placeholder="/etc/app/app.env" {...field('path')} />
      <TextInput
        label="Line of the file"
        description="With {secret} where the credential stands. Left out: the credential is the whole file."
        placeholder="DB_PASSWORD={secret}"
        {...field('line')}
      />
      <NativeSelect
        label="Written"
        data={[...spellings]}
        value={as}
        rightSection={<IconSelector size={15} />}
        onChange={(event) => setAs(event.currentTarget.value as Spelling)}
      />
      <TextInput
        label="Command"
        description="Gets the credential on its standard input."
        placeholder="/usr/local/bin/reload"
        {...field('command')}
      />
      <TextInput label="systemd unit" description="Restarted, and active after that." placeholder="app.service" {...field('unit')} />
      <TextInput
        label="Check"
        description="Ends with status 0 when all is well."
        placeholder="curl -fsS http://127.0.0.1/health"
        {...field('check')}
      />
    </StepUpForm>
  )
}
