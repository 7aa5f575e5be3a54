import { TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { IconSearch } from '@tabler/icons-react'
import { useRouter } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import styles from './list-page.module.css'
import { isTyping } from './use-list-keys.ts'

interface Props {
  label: string
  value: string | undefined
  onSearch: (text: string | undefined) => void
}

/** Narrows a list as one types; `/` leads to it. */
export function SearchField({ label, value, onSearch }: Props) {
  const [text, setText] = useState(value ?? '')
  const field = useRef<HTMLInputElement>(null)
  const router = useRouter()
  // who went on to another page meanwhile is not fetched back by what they typed before
  const search = useDebouncedCallback((typed: string, on: string) => {
    if (router.latestLocation.pathname === on) onSearch(typed.trim() || undefined)
  }, 200)
  // the address changed otherwise: by "back", or by a link
  useEffect(() => {
    if (document.activeElement !== field.current) setText(value ?? '')
  }, [value])
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== '/' || isTyping(event)) return
      event.preventDefault()
      field.current?.focus()
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [])
  return (
    <TextInput
      ref={field}
      type="search"
      className={styles.search}
      aria-label={label}
      placeholder={label}
      leftSection={<IconSearch size={16} />}
      maxLength={64}
      spellCheck={false}
      autoCapitalize="none"
      value={text}
      onChange={(event) => {
        setText(event.currentTarget.value)
        search(event.currentTarget.value, router.latestLocation.pathname)
      }}
    />
  )
}
