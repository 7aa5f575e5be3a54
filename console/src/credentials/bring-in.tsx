import { type CredentialKind, credentialKind } from '@claviger/api'
import { Button, FileInput, NativeSelect, PasswordInput, Textarea, TextInput } from '@mantine/core'
import { IconSelector, IconUpload } from '@tabler/icons-react'
import { useState } from 'react'
import { useDeposit } from '../data/credentials.ts'
import { announce } from '../ui/announcer.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { StepUpForm } from '../ui/step-up-form.tsx'
import { credentialWords } from '../words/inventory.ts'
import { asBase64 } from './as-base64.ts'

const most = 1 << 20
const kinds = credentialKind.options

interface Props {
  target: { id: string; name: string }
  /** Left out: of an account that is named, and made where it is not there. */
  account?: string
  /** The only kinds that are taken there; left out: all. */
  only?: readonly CredentialKind[]
}

/** Brings in a credential of what Claviger does not reach: the first one makes its account, each other one is the next version. */
export function BringIn({ target, account, only }: Props) {
  const [opened, setOpened] = useState(false)
  return (
    <>
      <Button variant={only ? 'default' : 'filled'} leftSection={<IconUpload size={16} />} onClick={() => setOpened(true)}>
        {wordsOf(only)}…
      </Button>
      <Dialog opened={opened} onClose={() => setOpened(false)} title={wordsOf(only)}>
        <BringInForm
          target={target}
          {...{ ...(account !== undefined && { account }), ...(only && { only }) }}
          onClose={() => setOpened(false)}
        />
      </Dialog>
    </>
  )
}

const whatIsInIt = 'PEM: the certificate, those that it rests on, and its private key without passphrase'

const wordsOf = (only: Props['only']): string => (only?.join() === 'tls' ? 'Bring in a certificate' : 'Bring in a credential')

function BringInForm({ target, account, only = kinds, onClose }: Props & { onClose: () => void }) {
  const [named, setNamed] = useState('')
  const [kind, setKind] = useState<CredentialKind>(only.length === 1 ? (only[0] ?? 'json') : account === undefined ? 'password' : 'json')
  const [text, setText] = useState('')
  const [file, setFile] = useState<File | null>(null)
  const [id, setId] = useState('')
  const deposit = useDeposit(target.id)
  const whose = account ?? named.trim()
  const tooLarge = (file?.size ?? 0) > most
  const ready = whose !== '' && (file ? !tooLarge : kind !== 'file' && text !== '') && (kind !== 'api-key' || id.trim() !== '')
  const act = async (code: string) => {
    const bytes = file ? new Uint8Array(await file.arrayBuffer()) : new TextEncoder().encode(text)
    const name = kind === 'file' ? file?.name : kind === 'api-key' ? id.trim() : undefined
    const kept = await deposit({
      account: whose,
      kind,
      value: asBase64(bytes),
      encoding: 'base64',
      code,
      ...(name !== undefined && { name }),
    })
    bytes.fill(0)
    announce(`Sealed: ${credentialWords[kept.credential]} v${kept.version} of ${kept.account.name}@${target.name}.`)
  }
  return (
    <StepUpForm onClose={onClose} confirm="Seal it" ready={ready} act={act}>
      {account === undefined && (
        <TextInput
          label="Account"
          description={`On ${target.name}; made with its first credential`}
          maxLength={64}
          autoCapitalize="none"
          spellCheck={false}
          data-autofocus
          value={named}
          onChange={(event) => setNamed(event.currentTarget.value)}
        />
      )}
      {only.length > 1 && (
        <NativeSelect
          label="What it is"
          data={only.map((k) => ({ value: k, label: credentialWords[k] }))}
          value={kind}
          rightSection={<IconSelector size={15} />}
          onChange={(event) => {
            setKind(event.currentTarget.value as CredentialKind)
            setText('')
            setFile(null)
          }}
        />
      )}
      {kind === 'api-key' && (
        <TextInput
          label="Id"
          description="No secret: it is shown to whoever sees the account"
          maxLength={256}
          autoComplete="off"
          spellCheck={false}
          value={id}
          onChange={(event) => setId(event.currentTarget.value)}
        />
      )}
      {kind === 'password' || kind === 'api-key' ? (
        <PasswordInput
          label={kind === 'password' ? 'Password' : 'Secret'}
          maxLength={16_384}
          autoComplete="new-password"
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
      ) : (
        <FileInput
          label="File"
          description={kind === 'tls' ? whatIsInIt : '1 MiB at most'}
          placeholder="Choose a file"
          clearable
          clearButtonProps={{ 'aria-label': 'Take no file' }}
          value={file}
          onChange={setFile}
          error={tooLarge && 'That is more than 1 MiB.'}
        />
      )}
      {kind !== 'password' && kind !== 'api-key' && kind !== 'file' && file === null && (
        <Textarea
          label="Or its text"
          autosize
          minRows={3}
          maxRows={8}
          maxLength={most}
          autoComplete="off"
          spellCheck={false}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
      )}
    </StepUpForm>
  )
}
