import { Button, NativeSelect, Skeleton, Textarea } from '@mantine/core'
import { IconDownload, IconSelector } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { useCheckpoints, useConsistency } from '../data/ledger.ts'
import { links } from '../paths.ts'
import { StateChip } from '../ui/chip.tsx'
import { DetailHead, DetailPage, Section } from '../ui/detail-page.tsx'
import { Failure, Problem } from '../ui/failure.tsx'
import { useTitle } from '../ui/use-title.ts'
import { moment } from '../words/time.ts'
import { Checkpoints } from './checkpoints.tsx'
import { checkConsistency } from './consistency.ts'
import styles from './ledger.module.css'
import { readNote } from './note.ts'
import { Steps } from './steps.tsx'

const route = getRouteApi('/shell/ledger/checkpoints')

/** Whether the log that was signed once is still the beginning of the log of today, checked in this browser. */
export function CheckpointsPage() {
  const { from, to } = route.useSearch()
  const navigate = useNavigate()
  const [pasted, setPasted] = useState('')
  // biome-ignore lint/correctness/useExhaustiveDependencies: choosing another row takes the place of what was pasted
  useEffect(() => setPasted(''), [from])
  const kept = pasted.trim() === '' ? undefined : `${pasted.replaceAll('\r\n', '\n').trim()}\n`
  const note = kept === undefined ? undefined : readNote(kept)
  const first = note?.size ?? (kept === undefined ? from : undefined)
  useTitle('Checkpoints')
  return (
    <DetailPage back={links.ledger()} list="Ledger">
      <DetailHead
        of="checkpoints"
        title="Checkpoints"
        chips={<span className="quiet">What the log was, each time that it was signed.</span>}
      />
      <Section title="Is it still the log that I knew?">
        <p className="quiet">
          A checkpoint that somebody kept where this server cannot reach it says what the log was then. Paste one, or choose an earlier one
          below: your browser checks that nothing which it saw was changed or taken out since.
        </p>
        <Textarea
          label="A checkpoint that you kept"
          description="From: claviger audit checkpoint --out FILE"
          placeholder={'claviger.dev/ledger/…\n1200\n…'}
          value={pasted}
          maxLength={65_536}
          autosize
          minRows={3}
          maxRows={8}
          spellCheck={false}
          classNames={{ input: styles.note ?? '' }}
          error={
            kept !== undefined && !note
              ? 'That is no checkpoint: it has a name, a size, a root and a signature, each on a line.'
              : undefined
          }
          onChange={(event) => setPasted(event.currentTarget.value)}
        />
        <Later covering={first ?? 1} value={to} onChoose={(size) => void navigate(links.checkpoints({ from, to: size }))} />
        {first !== undefined && <Comparison from={first} to={to} kept={kept} />}
      </Section>
      <Section title="Signed checkpoints">
        <Checkpoints chosen={kept === undefined ? from : undefined} to={to} />
      </Section>
    </DetailPage>
  )
}

function Later({
  covering,
  value,
  onChoose,
}: {
  covering: number
  value: number | undefined
  onChoose: (size: number | undefined) => void
}) {
  const checkpoints = useCheckpoints(covering)
  return (
    <NativeSelect
      label="Compared with"
      className={styles.checkpoint}
      rightSection={<IconSelector size={15} />}
      value={value === undefined ? '' : String(value)}
      onChange={(event) => onChoose(event.currentTarget.value === '' ? undefined : Number(event.currentTarget.value))}
      data={[
        { value: '', label: 'the newest' },
        ...(checkpoints.data ?? []).map((c) => ({
          value: String(c.size),
          label: `the one over ${c.size.toLocaleString('en-GB')} entries${c.time ? `, ${moment(Date.parse(c.time), Date.now())}` : ''}`,
        })),
      ]}
    />
  )
}

function Comparison({ from, to, kept }: { from: number; to: number | undefined; kept: string | undefined }) {
  const proof = useConsistency(from, to)
  const checked = useQuery({
    queryKey: ['consistent', from, to, kept, proof.data],
    queryFn: () => (proof.data ? checkConsistency(proof.data, kept) : null),
    enabled: proof.data !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
  })
  if (proof.isPending) return <Skeleton height={120} />
  if (!proof.data)
    return (
      <>
        <Failure error={proof.error} retry={() => proof.refetch()} />
        {kept !== undefined && (
          <p>
            You hold a checkpoint of this size and the server says that it has none. Keep yours, and verify an export against it:{' '}
            <code>claviger audit verify --checkpoint FILE</code>
          </p>
        )}
      </>
    )
  if (checked.error)
    return <Problem error={new Error('This browser cannot check Ed25519 signatures. Check the file with claviger audit verify-proof.')} />
  if (!checked.data) return <Skeleton height={120} />
  const { ok, steps, first, second } = checked.data
  return (
    <div className={styles.comparison} role="status">
      <p>
        <StateChip word={ok ? 'Still the same log' : 'Not the log that it was'} tone={ok ? 'good' : 'bad'} />{' '}
        {ok
          ? `All ${(first?.size ?? 0).toLocaleString('en-GB')} entries stand unchanged at the beginning of the ${(second?.size ?? 0).toLocaleString('en-GB')} that there are now.`
          : 'Keep both checkpoints and an export, and find out who can write to the database: claviger audit verify names what was changed.'}
      </p>
      <Steps steps={steps} />
      <p className="quiet">
        The proof believes the server nothing but the key: <code className={styles.hash}>{proof.data.verifierKey}</code>
      </p>
      <p>
        <Button
          component="a"
          variant="default"
          size="compact-md"
          leftSection={<IconDownload size={15} />}
          download={`consistency-${from}-${second?.size ?? ''}.json`}
          href={`data:application/json;charset=utf-8,${encodeURIComponent(JSON.stringify(proof.data, null, 2))}`}
        >
          Proof file
        </Button>{' '}
        <span className="quiet">
          to be checked without a server: <code>claviger audit verify-proof FILE</code>
        </span>
      </p>
    </div>
  )
}
