import { session } from '@claviger/api'
import { Button, Menu } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'

const formats = [
  ['jsonl', 'JSON lines, for programs'],
  ['text', 'Text, for reading'],
] as const

/** All statements of the session as a file, whole and unshortened. Taking it is kept in the audit log, as looking is. */
export const ExportStatements = ({ id }: { id: string }) => (
  <Menu position="bottom-end" withinPortal>
    <Menu.Target>
      <Button variant="default" leftSection={<IconDownload size={16} />}>
        Export
      </Button>
    </Menu.Target>
    <Menu.Dropdown>
      {formats.map(([format, words]) => (
        <Menu.Item
          key={format}
          component="a"
          href={`${session.exportStatements.path.replace(':id', id)}?format=${format}`}
          download={`statements-${id}.${format === 'text' ? 'txt' : 'jsonl'}`}
        >
          {words}
        </Menu.Item>
      ))}
    </Menu.Dropdown>
  </Menu>
)
