import type { inventory } from '@claviger/api'
import { Button } from '@mantine/core'
import { IconKey } from '@tabler/icons-react'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { useCallback, useRef } from 'react'
import { accountColumns } from '../accounts/columns.tsx'
import { BringIn } from '../credentials/bring-in.tsx'
import { useViewer } from '../data/identity.ts'
import { useAccounts, useTarget } from '../data/inventory.ts'
import { About } from '../history/about.tsx'
import { links } from '../paths.ts'
import { ConnectNow } from '../requests/connect-now.tsx'
import { RotateMany } from '../rotations/rotate-many.tsx'
import { PlainChip, StateChip, TierChip } from '../ui/chip.tsx'
import { DetailHead, DetailLoading, DetailPage, Section } from '../ui/detail-page.tsx'
import { Empty } from '../ui/empty.tsx'
import { Failure, Stale } from '../ui/failure.tsx'
import { Rows } from '../ui/rows.tsx'
import { useListKeys } from '../ui/use-list-keys.ts'
import { useTitle } from '../ui/use-title.ts'
import { scopeWords, targetState } from '../words/inventory.ts'
import { ChangeTarget } from './change-target.tsx'
import { Discover } from './discover.tsx'
import { TargetFacts } from './target-facts.tsx'

const route = getRouteApi('/shell/targets/$id')

/** One target: how it is reached, who it must prove to be, which accounts it has and what happened to it. */
export function TargetPage() {
  const { id } = route.useParams()
  const found = useTarget(id)
  const navigate = useNavigate()
  useTitle(found.data?.name ?? 'Target')
  const list = useRef<HTMLDivElement>(null)
  const close = useCallback(() => void navigate(links.targets()), [navigate])
  useListKeys(list, close)
  return (
    <DetailPage back={links.targets()} list="Targets">
      <div ref={list} style={{ display: 'contents' }}>
        {found.isPending && <DetailLoading />}
        {found.data ? (
          <>
            {found.error && <Stale error={found.error} />}
            <Found key={id} target={found.data} />
          </>
        ) : (
          found.error && <Failure page error={found.error} retry={() => found.refetch()} />
        )}
      </div>
    </DetailPage>
  )
}

function Found({ target: t }: { target: inventory.Target }) {
  const viewer = useViewer()
  return (
    <>
      <DetailHead
        of={t.id}
        title={t.name}
        chips={
          <>
            <StateChip {...targetState(t)} />
            <TierChip tier={t.tier} label={t.tierLabel} />
            <PlainChip>{t.environment}</PlainChip>
            {t.scopes.map((scope) => (
              <PlainChip key={scope}>{scopeWords[scope]}</PlainChip>
            ))}
            <PlainChip>{t.kind}</PlainChip>
          </>
        }
        acts={
          <>
            {viewer.changesTargets && (
              <ChangeTarget target={t}>
                {(open) => (
                  <Button variant="default" onClick={open}>
                    Change…
                  </Button>
                )}
              </ChangeTarget>
            )}
            {t.manager === null && viewer.bringsManyCredentials && <BringIn target={t} />}
            {viewer.rotatesMany && t.manager !== null && t.states.managed > 0 && (
              <RotateMany choice={{ by: 'target', name: t.name }} about={`Every account on ${t.name}.`} placeholder="It was broken into">
                {(open) => (
                  <Button variant="default" onClick={open}>
                    Rotate all…
                  </Button>
                )}
              </RotateMany>
            )}
            {viewer.discovers && t.manager !== null && <Discover target={t} />}
          </>
        }
      />
      <ConnectNow target={t.name} kind={t.kind} />
      <TargetFacts target={t} />
      <AccountsOn target={t} />
      {viewer.readsLedger && <About subject={t.id} />}
    </>
  )
}

function AccountsOn({ target: t }: { target: inventory.Target }) {
  const accounts = useAccounts({ target: t.name })
  const page = accounts.data
  return (
    <Section
      title="Privileged accounts"
      aside={
        page && page.total > page.accounts.length ? (
          <Link {...links.accounts({ target: t.name })}>All {page.total} of them</Link>
        ) : undefined
      }
    >
      {!page && accounts.error && <Failure error={accounts.error} retry={() => accounts.refetch()} />}
      {page?.total === 0 && (
        <Empty icon={<IconKey size={32} stroke={1.5} />} title="No privileged account is known here">
          {t.manager === null
            ? 'An account comes with the first credential that is brought in.'
            : t.lastDiscovery
              ? 'The last search found none.'
              : 'Nobody searched it yet.'}
        </Empty>
      )}
      {(accounts.isPending || (page && page.total > 0)) && (
        <Rows
          label={`Privileged accounts on ${t.name}`}
          rows={page?.accounts}
          columns={accountColumns('on one target')}
          idOf={(a) => a.id}
          link={(a) => ({ to: links.account(a.id), label: `${a.name}@${t.name}` })}
        />
      )}
    </Section>
  )
}
