import { Link } from '@tanstack/react-router'
import { useNames } from '../data/names.tsx'
import { linkOf } from '../paths.ts'
import { useNow } from '../ui/when.tsx'
import { inWords } from '../words/duration.ts'
import { fieldName } from '../words/inventory.ts'
import { localTimes } from '../words/time.ts'
import styles from './about.module.css'

interface Props {
  name: string
  said: string
  /** False where it stands in a row that is a link already. */
  link?: boolean
}

/** One field of an entry as a person reads it: what an id names, times by the reader's clock, seconds as a duration. */
export const Detail = ({ name, said, link = true }: Props) => (
  <span>
    {name === 'seconds' ? 'For' : fieldName(name)}: <Said name={name} text={said} link={link} />
  </span>
)

function Said({ name, text, link }: { name: string; text: string; link: boolean }) {
  const now = useNow()
  const nameOf = useNames()
  const called = nameOf(text)
  const to = link ? linkOf(text) : undefined
  if (to)
    return (
      <Link {...to} title={text}>
        {localTimes(called, now)}
      </Link>
    )
  return <span className={styles.said}>{name === 'seconds' ? inWords(Number(text)) : localTimes(called, now)}</span>
}
