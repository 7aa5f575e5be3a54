/** What an entry shows of itself, as far as it can name something. */
interface Shown {
  by: string | null
  fields: Record<string, unknown>
  attests?: readonly { id: string }[]
}

const id = /\b[a-z]{3}_[a-z0-9]{10}\b/g
const [most, longest] = [5000, 2000]

/** The ids that stand in entries, each once: values of shown fields, in lists and sentences too, and who acted. */
export function idsIn(entries: readonly Shown[]): string[] {
  const found = new Set<string>()
  const look = (value: unknown): void => {
    if (found.size >= most) return
    if (typeof value === 'string') for (const [one] of value.slice(0, longest).matchAll(id)) found.add(one)
    else if (Array.isArray(value)) for (const part of value) look(part)
  }
  for (const { by, fields, attests = [] } of entries) {
    look(by)
    for (const value of Object.values(fields)) look(value)
    for (const row of attests) look(row.id)
  }
  return [...found]
}
