import type { AnswerOf, activations as api } from '@claviger/api'
import { Button, FileInput, Group, Stack } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { type FormEvent, useState } from 'react'
import { useGiveShare } from '../data/activations.ts'
import { announce } from '../ui/announcer.tsx'
import { Copyable } from '../ui/copyable.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Problem } from '../ui/failure.tsx'
import { saveFile } from '../ui/save-file.ts'
import styles from './give-share.module.css'

interface Props {
  activation: api.Activation
  /** What the keeper asks for. */
  door: AnswerOf<typeof api.activationDoor>
  opened: boolean
  onClose: () => void
}

/** As long as an encrypted share may be (`giveActivationShare`). */
const most = 20_000
const begins = '-----BEGIN AGE ENCRYPTED FILE-----'

/**
 * A custodian's share for one activation. Their private key is in no page: what serves this page could change it. It is opened by the command line
 * on a machine of theirs, which needs no server, and comes here encrypted to the keeper.
 */
export const GiveShare = ({ opened, onClose, ...rest }: Props) => (
  <Dialog opened={opened} onClose={onClose} title={`Give a share for this ${rest.activation.kind === 'drill' ? 'drill' : 'activation'}`}>
    <GiveShareForm onClose={onClose} {...rest} />
  </Dialog>
)

function GiveShareForm({ activation: { id, kind }, door, onClose }: Omit<Props, 'opened'>) {
  const give = useGiveShare(id)
  const [file, setFile] = useState<File | null>(null)
  const question = `${id}.question`
  const [wrong, setWrong] = useState<string>()
  const choose = (chosen: File | null) => {
    setFile(chosen)
    setWrong(undefined)
    give.reset()
  }
  const save = () => {
    const { statement, signature, custodians } = door
    saveFile(question, `${JSON.stringify({ statement, signature, custodians })}\n`)
    announce('What the keeper asks was saved.')
  }
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (!file || give.isPending) return
    const sealed = file.size > most ? '' : (await file.text()).trim()
    // whoever takes the wrong file may have taken their private key: it stays here
    if (!sealed.startsWith(begins)) return setWrong(`That is no encrypted share: one begins with ${begins}. Nothing was sent.`)
    const given = await give.mutateAsync(sealed).catch(() => undefined)
    if (!given) return
    announce(
      given.opened
        ? kind === 'drill'
          ? 'It was tried.'
          : 'It is open.'
        : `${given.custodian}: ${given.given} of ${given.threshold} shares.`,
    )
    onClose()
  }
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <p>
          For {door.custodians.map((c) => c.name).join(', ')}; any {door.threshold} of them. A custodian’s private key stays on their own
          machine, and that machine needs no server.
        </p>
        <ol className={styles.steps}>
          <li>
            <Stack gap="xs" align="flex-start">
              Save what the keeper asks.
              <Button variant="default" size="xs" leftSection={<IconDownload size={14} />} onClick={save}>
                Save the question
              </Button>
            </Stack>
          </li>
          <li>
            <Stack gap="xs" align="flex-start">
              On your machine, see what it is for, and encrypt your share to the keeper.
              <Copyable value={`claviger breakglass share ${id} --question ${question} --to ${id}.share`} what="command" />
            </Stack>
          </li>
          <li>
            <FileInput
              label="Bring what it wrote"
              placeholder="Choose a file"
              clearable
              clearButtonProps={{ 'aria-label': 'Take no file' }}
              value={file}
              onChange={choose}
              error={wrong}
            />
          </li>
        </ol>
        <p className={styles.small}>
          Where your machine reaches the server: <code>claviger breakglass share {id}</code> gives it at once.
        </p>
        <Problem error={give.error} />
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={give.isPending} disabled={!file}>
            Give it
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
