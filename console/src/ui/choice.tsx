import { NativeSelect } from '@mantine/core'
import { IconSelector } from '@tabler/icons-react'

interface Props<T extends string> {
  label: string
  value: T | undefined
  /** Value and word of each; "all" is added. */
  options: readonly (readonly [T, string])[]
  all: string
  onChoose: (value: T | undefined) => void
}

/** One of a few, or all of them: the browser's own list, which phones and keyboards know. */
export const Choice = <T extends string>({ label, value, options, all, onChoose }: Props<T>) => (
  <NativeSelect
    aria-label={label}
    value={value ?? ''}
    rightSection={<IconSelector size={15} />}
    data={[{ value: '', label: all }, ...options.map(([key, word]) => ({ value: key, label: word }))]}
    onChange={(event) => onChoose(options.find(([key]) => key === event.currentTarget.value)?.[0])}
  />
)
