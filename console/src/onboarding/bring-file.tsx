import { onboarding } from '@claviger/api'
import { Button, FileButton, Group, NativeSelect, Progress, Stack } from '@mantine/core'
import { IconSelector } from '@tabler/icons-react'
import { useState } from 'react'
import { bring, bringMany, type Looked, lookAt, type Tried } from '../data/onboarding.ts'
import { announce } from '../ui/announcer.tsx'
import { CodeDialog } from '../ui/code-dialog.tsx'
import { Problem } from '../ui/failure.tsx'
import { type Column, Rows } from '../ui/rows.tsx'
import { credentialWords } from '../words/inventory.ts'

const mostKept = 50

interface Props {
  file: File | undefined
  onChoose: (file: File) => void
  onDone: () => void
}
type Part = onboarding.Column
const parts: { part: Part; label: string }[] = [
  { part: 'target', label: 'Target' },
  { part: 'account', label: 'Account' },
  { part: 'secret', label: 'Credential' },
  { part: 'title', label: 'Title' },
  { part: 'kind', label: 'Kind' },
  { part: 'id', label: 'Key id or file name' },
]

const nameOf = ({ account, target, item }: Looked) =>
  account ? `${account.name}@${account.target}` : `${item.account}@${target?.name ?? item.target}`
const lookedColumns: Column<Looked>[] = [
  { name: 'In the file', cell: (l) => l.item.at, narrow: 'middle' },
  { name: 'Account', cell: (l) => <code>{nameOf(l)}</code>, narrow: 'top' },
  { name: 'What', cell: (l) => credentialWords[l.item.credential], narrow: 'bottom', tight: true },
  { name: 'Would be', cell: (l) => onboarding.fateWords[l.fate], narrow: 'bottom-end' },
]
const outcomes = { stored: 'stored', refused: 'refused by the target', failed: 'not tried', known: 'the vault had one already' } as const
const triedColumns: Column<Tried>[] = [
  { name: 'Account', cell: (t) => <code>{nameOf(t)}</code>, narrow: 'top' },
  { name: 'Outcome', cell: (t) => outcomes[t.outcome], narrow: 'top-end', tight: true },
  { name: 'Because', cell: (t) => (t.code ? <code>{t.code}</code> : <span className="quiet">nothing</span>), narrow: 'middle' },
  {
    name: 'Delete at the source',
    cell: (t) => (t.outcome === 'stored' ? t.item.at : <span className="quiet">not yet</span>),
    narrow: 'bottom',
  },
]

/** Reads a file in this browser, says what would become of each credential in it, and hands over what can be stored after a code. */
export function BringFile({ file, onChoose, onDone }: Props) {
  const [rows, setRows] = useState<string[][]>()
  const [mapping, setMapping] = useState<onboarding.Mapping>({})
  const [form, setForm] = useState<string>()
  const [looked, setLooked] = useState<Looked[]>()
  const [left, setLeft] = useState<onboarding.Read['left']>([])
  const [tried, setTried] = useState<readonly Tried[]>()
  const [brought, setBrought] = useState<readonly Tried[]>([])
  const [asking, setAsking] = useState<'try' | 'keep'>()
  const [error, setError] = useState<unknown>()

  const read = async (chosen: File) => {
    onChoose(chosen)
    setError(undefined)
    const found = chosen.size > onboarding.longestCsv ? undefined : onboarding.readCsv(await chosen.text())
    if (!found?.[0]) return setError(new Error('This is no CSV file that can be read, or it is larger than 16 MiB.'))
    const known = onboarding.recognise(found[0])
    setRows(found)
    setForm(known.form)
    setMapping(known.mapping)
    setLooked(undefined)
    setTried(undefined)
    setBrought([])
  }
  const look = async () => {
    const { items, left: lacking } = onboarding.itemsOf(rows ?? [], mapping)
    setLeft(lacking)
    setError(undefined)
    await lookAt(items).then(setLooked, setError)
  }
  const ready = looked?.filter((l) => l.fate === 'ready' || l.fate === 'observed') ?? []
  // as many as one code takes; what is left of them stays on the list
  const kept = looked?.filter((l) => l.fate === 'brought').slice(0, mostKept) ?? []
  const header = rows?.[0] ?? []
  const source = `${form ?? 'CSV'}: ${file?.name ?? ''}`.slice(0, 200)
  return (
    <Stack gap="md">
      <Group gap="sm">
        <FileButton onChange={(chosen) => chosen && void read(chosen)} accept=".csv,text/csv">
          {(props) => (
            <Button variant="default" {...props}>
              Choose a CSV export…
            </Button>
          )}
        </FileButton>
        <span className="quiet">
          {file && rows
            ? `${file.name}: ${form ?? 'a form that nobody knows'}, ${rows.length - 1} lines`
            : 'Of CyberArk, Delinea, KeePass, Bitwarden, 1Password or another. It is read in this browser.'}
        </span>
      </Group>
      {rows && !tried && (
        <Group gap="sm" align="flex-end">
          {parts.map(({ part, label }) => (
            <NativeSelect
              key={part}
              label={label}
              data={['', ...header]}
              value={mapping[part] ?? ''}
              rightSection={<IconSelector size={15} />}
              onChange={(event) => {
                const { value } = event.currentTarget
                setLooked(undefined)
                setMapping(({ [part]: _before, ...others }) => (value ? { ...others, [part]: value } : others))
              }}
            />
          ))}
          <Button onClick={() => void look()} disabled={!mapping.account || !mapping.secret}>
            See what would become of them
          </Button>
        </Group>
      )}
      <Problem error={error} />
      {looked && !tried && (
        <>
          <Rows label="What would become of each" rows={looked} columns={lookedColumns} idOf={(l) => `${l.item.at} ${nameOf(l)}`} />
          {left.length > 0 && (
            <p className="quiet">
              Left out:{' '}
              {left
                .slice(0, 10)
                .map((l) => `${l.at}: ${l.why}`)
                .join('; ')}
              {left.length > 10 && `; and ${left.length - 10} more`}
            </p>
          )}
          <Group gap="sm">
            {(ready.length > 0 || kept.length + brought.length === 0) && (
              <Button disabled={ready.length === 0} onClick={() => setAsking('try')}>
                Import {ready.length}…
              </Button>
            )}
            {kept.length > 0 && <Button onClick={() => setAsking('keep')}>Bring in {kept.length}…</Button>}
          </Group>
        </>
      )}
      {brought.length > 0 && (
        <Rows label="What was brought in" rows={brought} columns={triedColumns} idOf={(t) => `${t.item.at} ${nameOf(t)}`} />
      )}
      {tried && (
        <>
          <Progress value={ready.length === 0 ? 100 : (100 * tried.length) / ready.length} aria-label="How far the import is" />
          <Rows label="What became of each" rows={[...tried]} columns={triedColumns} idOf={(t) => `${t.item.at} ${nameOf(t)}`} />
        </>
      )}
      <CodeDialog
        opened={asking === 'try'}
        onClose={() => setAsking(undefined)}
        title={`Import ${ready.length} credentials`}
        confirm="Import"
        act={async ({ code }) => {
          const done = await bring(source, code, ready, setTried)
          announce(`${done.tried.filter((t) => t.outcome === 'stored').length} of ${done.tried.length} stored.`)
          // what was read is not kept longer than needed
          setRows(undefined)
          onDone()
        }}
      >
        Each is tried on its target, once, and stored when it opens it. Nothing is rotated yet: whoever knows a credential knows it still.
      </CodeDialog>
      <CodeDialog
        opened={asking === 'keep'}
        onClose={() => setAsking(undefined)}
        title={`Bring in ${kept.length} credentials`}
        confirm="Bring in"
        act={async ({ code }) => {
          const done = await bringMany(source, code, kept)
          const others = looked?.filter((l) => !kept.includes(l)) ?? []
          announce(`${done.filter((t) => t.outcome === 'stored').length} of ${done.length} stored.`)
          setBrought((before) => [...before, ...done])
          // those that are tried on their targets are another act, with another code
          setLooked(others)
          onDone()
        }}
      >
        They belong to what Claviger does not reach: each is kept as it is, its account is made, and nobody replaces it but a person.
      </CodeDialog>
    </Stack>
  )
}
