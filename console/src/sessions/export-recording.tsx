import { session } from '@claviger/api'
import { Button, Menu } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'

const formats = [
  ['jsonl', 'JSON lines, for programs'],
  ['text', 'Text, for reading'],
] as const

const routes = { statements: session.exportStatements, files: session.exportFiles } as const

/** All statements of the session, or all that it did to files, as a file, whole and unshortened. Taking it is kept in the audit log, as looking is. */
export const ExportRecording = ({ id, what }: { id: string; what: keyof typeof routes }) => (
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
          href={`${routes[what].path.replace(':id', id)}?format=${format}`}
          download={`${what}-${id}.${format === 'text' ? 'txt' : 'jsonl'}`}
        >
          {words}
        </Menu.Item>
      ))}
    </Menu.Dropdown>
  </Menu>
)
