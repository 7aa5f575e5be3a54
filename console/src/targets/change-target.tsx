import type { inventory } from '@claviger/api'
import { Button, Checkbox, Group, NativeSelect } from '@mantine/core'
import { IconSelector } from '@tabler/icons-react'
import { type ReactNode, useState } from 'react'
import { useAccounts, useChangeTarget, useIdentify, useKinds } from '../data/inventory.ts'
import { IdentityFacts } from '../inventory/identity-facts.tsx'
import { ScopesField } from '../inventory/scopes-field.tsx'
import { readSettings, SettingsFields, startWith } from '../inventory/settings-fields.tsx'
import { announce } from '../ui/announcer.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Problem } from '../ui/failure.tsx'
import { StepUpForm } from '../ui/step-up-form.tsx'
import { count, tierWords } from '../words/inventory.ts'
import styles from './change-target.module.css'

const environments = ['production', 'staging', 'development', 'lab'] as const
const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b)

/** Changes what a target is. Whatever was asked or granted on it was for what it was before. */
export function ChangeTarget({ target, children }: { target: inventory.Target; children: (open: () => void) => ReactNode }) {
  const [opened, setOpened] = useState(false)
  return (
    <>
      {children(() => setOpened(true))}
      <Dialog opened={opened} onClose={() => setOpened(false)} title={`Change ${target.name}`} size={560}>
        <ChangeForm target={target} onClose={() => setOpened(false)} />
      </Dialog>
    </>
  )
}

function ChangeForm({ target: t, onClose }: { target: inventory.Target; onClose: () => void }) {
  const fields = useKinds().data?.find((k) => k.name === t.kind)?.settings ?? []
  const [typed, setTyped] = useState<ReturnType<typeof startWith>>()
  const [tier, setTier] = useState(t.tier)
  const [environment, setEnvironment] = useState(t.environment)
  const [scopes, setScopes] = useState(t.scopes)
  const [reconciler, setReconciler] = useState(t.reconciler)
  const second = useAccounts({ target: t.name, state: 'managed' }).data?.accounts.filter((a) => a.name !== t.manager) ?? []
  const [pinned, setPinned] = useState<Record<string, string>>()
  const change = useChangeTarget(t.id)
  const identify = useIdentify()

  const begun = startWith(fields, t.settings)
  const given = typed ?? begun
  const settings = readSettings(fields, given)
  const body = {
    // a setting that was left to its default stays there, whatever the form shows of it
    ...(!same(settings, readSettings(fields, begun)) && { settings }),
    ...(pinned && !same(pinned, t.identity) && { identity: pinned }),
    ...(tier !== t.tier && { tier }),
    ...(environment !== t.environment && { environment }),
    ...(!same([...scopes].sort(), [...t.scopes].sort()) && { scopes }),
    ...(reconciler !== t.reconciler && { reconciler }),
  }
  const nothing = Object.keys(body).length === 0
  const presented = identify.data

  return (
    <StepUpForm
      onClose={onClose}
      about="A fresh one from your authenticator, for this change."
      confirm="Change target"
      ready={!nothing}
      aside={nothing && <span className="quiet">Nothing would change yet.</span>}
      act={async (code) => {
        const { voided } = await change.mutateAsync({ ...body, code })
        announce(`Changed. Void by it: ${count(voided.requests.length, 'request')} and ${count(voided.grants.length, 'grant')}.`)
      }}
    >
      <div className={styles.pair}>
        <NativeSelect
          label="Tier"
          data={tierWords.map((word, at) => ({ value: String(at), label: word }))}
          value={String(tier)}
          rightSection={<IconSelector size={15} />}
          onChange={(event) => setTier(Number(event.currentTarget.value))}
        />
        <NativeSelect
          label="Environment"
          data={[...environments]}
          value={environment}
          rightSection={<IconSelector size={15} />}
          onChange={(event) => setEnvironment(event.currentTarget.value as typeof environment)}
        />
      </div>
      <ScopesField scopes={scopes} onChange={setScopes} />
      <NativeSelect
        label="Reconciler"
        description="A second account that is taken over: it resets one whose credential is not known."
        data={[{ value: '', label: 'none' }, ...[...new Set([...(t.reconciler ? [t.reconciler] : []), ...second.map((a) => a.name)])]]}
        value={reconciler ?? ''}
        rightSection={<IconSelector size={15} />}
        onChange={(event) => setReconciler(event.currentTarget.value || null)}
      />
      <SettingsFields settings={fields} given={given} onChange={setTyped} />
      <div className={styles.identity}>
        <Group justify="space-between" gap="sm">
          <strong>Identity</strong>
          <Button
            variant="default"
            size="compact-sm"
            loading={identify.isPending}
            onClick={() => {
              setPinned(undefined)
              identify.mutate({ kind: t.kind, settings })
            }}
          >
            Ask it who it is
          </Button>
        </Group>
        {!presented && <IdentityFacts identity={t.identity} />}
        <Problem error={identify.error} />
        {presented && (
          <>
            <IdentityFacts identity={presented} before={t.identity} />
            {same(presented, inOrder(t.identity, presented)) ? (
              <p className="quiet">It is who was pinned.</p>
            ) : (
              <Checkbox
                label="I compared this with what the system itself shows: pin it instead"
                checked={pinned !== undefined}
                onChange={(event) => setPinned(event.currentTarget.checked ? presented : undefined)}
              />
            )}
          </>
        )}
      </div>
      <p className={styles.warning}>
        Requests and grants on this target become void: they were for what it was before. Sessions under them are cut.
      </p>
    </StepUpForm>
  )
}

/** The same fields in the order of another object, so that two of them can be compared as text. */
const inOrder = (values: Record<string, unknown>, like: Record<string, unknown>): Record<string, unknown> => ({
  ...Object.fromEntries(Object.keys(like).flatMap((key) => (key in values ? [[key, values[key]]] : []))),
  ...Object.fromEntries(Object.entries(values).filter(([key]) => !(key in like))),
})
