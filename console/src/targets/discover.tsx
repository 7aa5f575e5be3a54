import type { inventory } from '@claviger/api'
import { Button } from '@mantine/core'
import { IconSearch } from '@tabler/icons-react'
import { useDiscover } from '../data/inventory.ts'
import { announce } from '../ui/announcer.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Problem } from '../ui/failure.tsx'
import { count } from '../words/inventory.ts'

const list = new Intl.ListFormat('en-GB')

/** Looks for privileged accounts now, and says what came of it. */
export function Discover({ target: t }: { target: inventory.Target }) {
  const discover = useDiscover(t.id)
  const found = discover.data
  const sentence =
    found &&
    `${count(found.found, 'privileged account')} found, ${found.added} new${found.gone.length > 0 ? `; gone: ${list.format(found.gone)}` : ''}.`
  return (
    <>
      <Button
        variant="default"
        loading={discover.isPending}
        leftSection={<IconSearch size={16} />}
        onClick={() => discover.mutate(undefined, { onSuccess: () => announce('Searched.') })}
      >
        Search for accounts
      </Button>
      <Dialog
        opened={discover.isSuccess || discover.isError}
        onClose={() => discover.reset()}
        title={discover.isError ? `${t.name} could not be searched` : `Searched ${t.name}`}
      >
        {sentence && <p>{sentence}</p>}
        <Problem error={discover.error} />
      </Dialog>
    </>
  )
}
