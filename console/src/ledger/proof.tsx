import type { audit } from '@claviger/api'
import { Button, NativeSelect, Skeleton } from '@mantine/core'
import { IconDownload, IconSelector } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useCheckpoints, useProof } from '../data/ledger.ts'
import { Section } from '../ui/detail-page.tsx'
import { Failure, Problem } from '../ui/failure.tsx'
import { moment } from '../words/time.ts'
import styles from './ledger.module.css'
import { Steps } from './steps.tsx'
import { type Checked, checkProof } from './verify.ts'

/** The proof that the entry stands in the signed log, checked here, in this browser. */
export function Proof({ entry, place }: { entry: audit.EntryDetails; place: number }) {
  const [size, setSize] = useState<number>()
  const checkpoints = useCheckpoints(place)
  const proof = useProof(entry.id, size)
  const checked = useQuery({
    queryKey: ['checked', entry.id, proof.data],
    queryFn: () => checkProof(proof.data as audit.Inclusion, entry),
    enabled: proof.data !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
  })
  return (
    <Section
      title="Proof"
      aside={
        proof.data && (
          <Button
            component="a"
            variant="default"
            size="compact-md"
            leftSection={<IconDownload size={15} />}
            download={`proof-${entry.id}.json`}
            href={`data:application/json;charset=utf-8,${encodeURIComponent(JSON.stringify(proof.data, null, 2))}`}
          >
            Proof file
          </Button>
        )
      }
    >
      <p className="quiet">
        Your browser computes the root from the entry’s bytes and the path, and checks the signature. It believes the server nothing but the
        key: compare that with the one you keep, or check the file with claviger audit verify-proof.
      </p>
      <NativeSelect
        label="Checkpoint"
        className={styles.checkpoint}
        rightSection={<IconSelector size={15} />}
        value={size === undefined ? '' : String(size)}
        onChange={(event) => setSize(event.currentTarget.value === '' ? undefined : Number(event.currentTarget.value))}
        data={[
          { value: '', label: 'The newest' },
          ...(checkpoints.data ?? []).map((c) => ({
            value: String(c.size),
            label: `over ${c.size} entries${c.time ? `, ${moment(Date.parse(c.time), Date.now())}` : ''}`,
          })),
        ]}
      />
      {proof.isPending && <Skeleton height={140} />}
      {proof.error && <Failure error={proof.error} retry={() => proof.refetch()} />}
      {checked.error && (
        <Problem error={new Error('This browser cannot check Ed25519 signatures. Check the file with claviger audit verify-proof.')} />
      )}
      {checked.data && proof.data && <Outcome checked={checked.data} verifierKey={proof.data.verifierKey} />}
    </Section>
  )
}

const short = (hash: string) => `${hash.slice(0, 8)}…${hash.slice(-4)}`

function Outcome({ checked, verifierKey }: { checked: Checked; verifierKey: string }) {
  return (
    <>
      <Steps steps={checked.steps} />
      <p>
        Key: <code className={styles.hash}>{verifierKey}</code>
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by keyboard */}
      <ol className={styles.path} aria-label="The path from the entry to the root" tabIndex={0}>
        <li>
          <span className={styles.node} data-own title={checked.leaf}>
            entry {short(checked.leaf)}
          </span>
        </li>
        {checked.levels.map(({ sibling, side, node }) => (
          <li key={node}>
            {side === 'left' && <Sibling hash={sibling} />}
            <span className={styles.node} data-own title={node}>
              {short(node)}
            </span>
            {side === 'right' && <Sibling hash={sibling} />}
          </li>
        ))}
        <li>
          <span className={styles.node} data-root data-good={checked.ok || undefined} title={checked.root}>
            signed root {short(checked.root)}
          </span>
        </li>
      </ol>
    </>
  )
}

const Sibling = ({ hash }: { hash: string }) => (
  <span className={styles.node} title={hash}>
    + {short(hash)}
  </span>
)
