import { Button } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useKitFile } from '../data/breakglass.ts'
import { announce } from '../ui/announcer.tsx'
import { Failure } from '../ui/failure.tsx'
import { saveFile } from '../ui/save-file.ts'

/** Makes a kit and gives its file to the browser. Nothing in it opens without its custodians. */
export function MakeKit() {
  const kit = useKitFile()
  const make = async () => {
    saveFile('claviger.kit', await kit.mutateAsync(undefined))
    announce('The kit was made')
  }
  return (
    <>
      <Button leftSection={<IconDownload size={16} />} loading={kit.isPending} onClick={() => void make().catch(() => undefined)}>
        Make a kit
      </Button>
      {kit.error && <Failure error={kit.error} />}
    </>
  )
}
