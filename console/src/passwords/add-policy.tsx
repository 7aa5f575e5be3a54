import { passwords as api, type BodyOf } from '@claviger/api'
import { Checkbox, Group, NativeSelect, NumberInput, Stack, TextInput } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import { useKinds } from '../data/inventory.ts'
import { useAddPasswordPolicy, useTargetChoices } from '../data/passwords.ts'
import { CodeDialog } from '../ui/code-dialog.tsx'
import { sortWords } from '../words/passwords.ts'

const sorts = api.characterClass.options
const empty = {
  name: '',
  tier: '',
  kind: '',
  target: '',
  length: 28,
  classes: [...sorts],
  excluded: '',
  exception: '',
  days: '' as number | '',
}

/** Demands more of passwords, or excepts one target: for what, how much, and for an exception why and for how long. */
export function AddPolicy({ children }: { children: (open: () => void) => ReactNode }) {
  const [opened, setOpened] = useState(false)
  const [given, setGiven] = useState(empty)
  const add = useAddPasswordPolicy()
  const kinds = useKinds()
  const targets = useTargetChoices(opened)
  const set = (change: Partial<typeof empty>) => setGiven((before) => ({ ...before, ...change }))
  const excepts = given.exception.trim() !== ''
  return (
    <>
      {children(() => setOpened(true))}
      <CodeDialog
        opened={opened}
        onClose={() => setOpened(false)}
        title="Add a password policy"
        confirm="Add"
        ready={given.name !== '' && given.classes.length > 0 && (!excepts || (given.target !== '' && given.days !== ''))}
        act={async ({ code }) => {
          await add.mutateAsync({ ...bodyOf(given), code })
          setGiven(empty)
        }}
      >
        <Stack gap="sm">
          <TextInput label="Name" value={given.name} maxLength={64} required onChange={(e) => set({ name: e.currentTarget.value })} />
          <Group grow align="flex-end">
            <NativeSelect
              label="Tier"
              value={given.tier}
              data={[{ value: '', label: 'all' }, ...['0', '1', '2', '3']]}
              onChange={(e) => set({ tier: e.currentTarget.value })}
            />
            <NativeSelect
              label="Kind"
              value={given.kind}
              data={[{ value: '', label: 'all' }, ...(kinds.data?.map((k) => k.name) ?? [])]}
              onChange={(e) => set({ kind: e.currentTarget.value })}
            />
            <NativeSelect
              label="Target"
              value={given.target}
              data={[{ value: '', label: 'all' }, ...(targets.data ?? [])]}
              onChange={(e) => set({ target: e.currentTarget.value })}
            />
          </Group>
          <Group grow align="flex-end">
            <NumberInput
              label="Length"
              value={given.length}
              min={8}
              max={128}
              allowDecimal={false}
              onChange={(value) => set({ length: Number(value) || 0 })}
            />
            <TextInput label="Without" value={given.excluded} maxLength={64} onChange={(e) => set({ excluded: e.currentTarget.value })} />
            <NumberInput
              label="Replaced after (days)"
              value={given.days}
              min={1}
              max={365}
              allowDecimal={false}
              onChange={(value) => set({ days: value === '' ? '' : Number(value) })}
            />
          </Group>
          <Checkbox.Group label="Each has" value={given.classes} onChange={(value) => set({ classes: value as typeof empty.classes })}>
            <Group gap="md" mt={4}>
              {sorts.map((sort) => (
                <Checkbox key={sort} value={sort} label={sortWords[sort]} />
              ))}
            </Group>
          </Checkbox.Group>
          <TextInput
            label="As an exception, because"
            description="Only where one target cannot take what the others have: name it above, with how often it is replaced (30 days at most)."
            placeholder="the device cuts at 16"
            value={given.exception}
            maxLength={200}
            onChange={(e) => set({ exception: e.currentTarget.value })}
          />
        </Stack>
      </CodeDialog>
    </>
  )
}

function bodyOf(given: typeof empty): BodyOf<typeof api.addPasswordPolicy> {
  const { name, length, classes, excluded } = given
  return {
    ...{ name, length, classes, excluded },
    tier: given.tier === '' ? null : Number(given.tier),
    kind: given.kind || null,
    target: given.target || null,
    exception: given.exception.trim() || null,
    maxAgeDays: given.days === '' ? null : given.days,
  }
}
