import { Group } from '@mantine/core'
import { IconUrgent } from '@tabler/icons-react'
import { useBreakglass } from '../data/breakglass.ts'
import { useViewer } from '../data/identity.ts'
import { Copyable } from '../ui/copyable.tsx'
import { Section } from '../ui/detail-page.tsx'
import { Empty } from '../ui/empty.tsx'
import { Fact, Facts } from '../ui/facts.tsx'
import { Failure } from '../ui/failure.tsx'
import { ListPage } from '../ui/list-page.tsx'
import { Rows } from '../ui/rows.tsx'
import { useTitle } from '../ui/use-title.ts'
import { When } from '../ui/when.tsx'
import { Activations } from './activations.tsx'
import { accountColumns, kitColumns, recordingColumns } from './columns.tsx'
import { MakeKit } from './make-kit.tsx'
import { Mark } from './mark.tsx'
import { ProposedKey } from './proposed-key.tsx'
import { WhatToPrint } from './what-to-print.tsx'

/** Accounts for emergencies: who opens them, how old the kits are, and what belongs into the drawer. */
export function BreakglassPage() {
  const viewer = useViewer()
  const { data, error, refetch } = useBreakglass(viewer.seesBreakglass)
  useTitle('Break-glass')
  if (error && !data) return <Failure error={error} retry={() => void refetch()} />
  return (
    <ListPage title="Break-glass" tools={data && viewer.makesKits && data.accounts.length > 0 && <MakeKit />}>
      <p className="quiet">
        Accounts that only emergencies use. Their credentials are sealed to a key that is split among custodians and was never on a server:
        no ordinary grant opens them. Custodians do: here, together with two people, or with a kit on a laptop, also while Claviger is down.
      </p>
      {(data?.key || !viewer.seesBreakglass) && <Activations />}
      {data?.proposed && <ProposedKey proposed={data.proposed} />}
      {data && !data.key && !data.proposed && (
        <Empty icon={<IconUrgent size={32} stroke={1.5} />} title="There is no key for emergencies yet">
          An administrator makes it on a machine of their own, so that its private half is never here:{' '}
          <code>claviger breakglass init --custodian NAME=age1…</code>
        </Empty>
      )}
      {data?.key && (
        <>
          <Section title="Custodians">
            <Facts>
              <Fact name="Opened by">
                any {data.key.threshold} of {data.key.custodians.map((c) => c.name).join(', ')}
              </Fact>
              <Fact name="Key">
                <Copyable value={data.key.recipient} shown={`${data.key.recipient.slice(0, 24)}…`} what="public key" />
              </Fact>
              <Fact name="Brought">
                by {data.key.introducedBy.name}, <When at={data.key.at} />
              </Fact>
              <Fact name="New kits">
                {data.folder ? <code>{data.folder}</code> : 'are made by hand: no folder is named (CLAVIGER_KIT_FOLDER)'}
              </Fact>
            </Facts>
          </Section>
          <Section title="Accounts">
            {data.accounts.length === 0 ? (
              <p className="quiet">
                None yet: <code>claviger breakglass mark ACCOUNT@TARGET</code>
              </p>
            ) : (
              <Rows label="Accounts" rows={data.accounts} columns={accountColumns} idOf={(a) => a.id} />
            )}
            {viewer.marksBreakglass && (
              <Group mt="md">
                <Mark marked />
                {data.accounts.length > 0 && <Mark marked={false} accounts={data.accounts.map((a) => `${a.name}@${a.target}`)} />}
              </Group>
            )}
          </Section>
          <Section title="Kits">
            {data.kits.length === 0 ? (
              <p className="quiet">None was made.</p>
            ) : (
              <Rows label="Kits" rows={data.kits} columns={kitColumns} idOf={(k) => k.id} />
            )}
          </Section>
          {data.recordings.length > 0 && (
            <Section title="Opened, and brought back">
              <Rows label="Recordings" rows={data.recordings} columns={recordingColumns} idOf={(r) => r.id} />
            </Section>
          )}
          <WhatToPrint threshold={data.key.threshold} custodians={data.key.custodians.map((c) => c.name)} />
        </>
      )}
    </ListPage>
  )
}
