import type { inventory } from '@claviger/api'
import { Checkbox, NativeSelect, Textarea, TextInput } from '@mantine/core'
import { IconSelector } from '@tabler/icons-react'
import { fieldName } from '../words/inventory.ts'

export type Given = Record<string, string | boolean>

/** What a form shows at first: the settings that are there, or else the kind's own defaults. */
export const startWith = (settings: readonly inventory.Setting[], now: Record<string, unknown> = {}): Given =>
  Object.fromEntries(
    settings.map(({ name, type, fallback }) => {
      const value = now[name] ?? fallback
      return [name, type === 'boolean' ? value === true : value === null || value === undefined ? '' : String(value)]
    }),
  )

/** As the API takes them: numbers as numbers, and nothing for what was left empty. */
export const readSettings = (settings: readonly inventory.Setting[], given: Given): Record<string, string | number | boolean> =>
  Object.fromEntries(
    settings.flatMap(({ name, type }): [string, string | number | boolean][] => {
      const value = given[name] ?? ''
      if (typeof value === 'boolean') return [[name, value]]
      const text = value.trim()
      if (text === '') return []
      // what is no number is sent as it is: the kind says what is wrong with it
      return [[name, type === 'number' && /^\d{1,9}$/.test(text) ? Number(text) : text]]
    }),
  )

export const missing = (settings: readonly inventory.Setting[], given: Given): string | undefined =>
  settings.find(({ name, required }) => required && String(given[name] ?? '').trim() === '')?.name

interface Props {
  settings: readonly inventory.Setting[]
  given: Given
  onChange: (given: Given) => void
}

/** A field for each setting of a kind, as the kind describes it: a new kind needs no form of its own. */
export const SettingsFields = ({ settings, given, onChange }: Props) =>
  settings.map(({ name, type, required, choices, about }) => {
    const value = given[name]
    const common = { label: required ? fieldName(name) : `${fieldName(name)} (optional)`, description: about }
    if (type === 'boolean')
      return (
        <Checkbox
          key={name}
          label={fieldName(name)}
          description={about}
          checked={value === true}
          onChange={(event) => onChange({ ...given, [name]: event.currentTarget.checked })}
        />
      )
    const text = typeof value === 'string' ? value : ''
    const set = (typed: string) => onChange({ ...given, [name]: typed })
    if (type === 'choice')
      return (
        <NativeSelect
          key={name}
          {...common}
          label={fieldName(name)}
          data={[...choices]}
          value={text}
          rightSection={<IconSelector size={15} />}
          onChange={(event) => set(event.currentTarget.value)}
        />
      )
    if (type === 'long-text')
      return (
        <Textarea
          key={name}
          {...common}
          autosize
          minRows={2}
          maxRows={8}
          maxLength={8192}
          spellCheck={false}
          value={text}
          onChange={(event) => set(event.currentTarget.value)}
        />
      )
    return (
      <TextInput
        key={name}
        {...common}
        label={fieldName(name)}
        inputMode={type === 'number' ? 'numeric' : 'text'}
        maxLength={type === 'number' ? 9 : 1024}
        autoCapitalize="none"
        spellCheck={false}
        value={text}
        onChange={(event) => set(event.currentTarget.value)}
      />
    )
  })
