import { createContext, type ReactNode, useContext } from 'react'

/** From ids to what people call them, as the answer that showed the ids brought along. */
export type Names = Readonly<Record<string, string>>
const Known = createContext<Names>({})

/** Around what shows ids: the names came with the same answer, and nothing is asked for each of them. */
export const Named = ({ names, children }: { names: Names | undefined; children: ReactNode }) => (
  <Known value={names ?? {}}>{children}</Known>
)

/** What an id is called, also in the middle of a sentence; the id itself where nobody gave it a name, or it is gone. */
export function useNames(): (text: string) => string {
  const known = useContext(Known)
  return (text) => text.replace(/\b[a-z]{3}_[a-z0-9]{10}\b/g, (id) => nameIn(known, id))
}

export const nameIn = (names: Names | undefined, id: string): string => (names && Object.hasOwn(names, id) ? names[id] : undefined) ?? id

/** Of a list that came a page at a time, the names of all its pages. */
export const namesOfPages = (pages: readonly { names: Names }[] | undefined): Names =>
  Object.assign({}, ...(pages ?? []).map(({ names }) => names)) as Names
