import { Button } from '@mantine/core'
import { useState } from 'react'
import { Counts, useCounts } from '../seal/counts.tsx'
import type { SealStatus } from '../seal/use-seal.ts'
import { CodeDialog } from '../ui/code-dialog.tsx'
import { Section } from '../ui/detail-page.tsx'
import { ChooseKind } from './choose-kind.tsx'
import { ChooseLocations } from './choose-locations.tsx'
import styles from './keys.module.css'
import { beginCeremony, type Location, type Plan } from './use-ceremony.ts'
import { kindWords, locations } from './words.ts'

type Kind = Exclude<SealStatus['kind'], 'none'>
type What = 'rekey' | 'migrate' | 'rotate'

interface Props {
  kind: SealStatus['kind']
  onBegun: () => void
}

/** What can be done to the keys, each with when one does it. All of it takes two people, and custodians where they hold shares. */
export function BeginCeremony({ kind, onBegun }: Props) {
  const [asked, setAsked] = useState<What>()
  const others = (Object.keys(kindWords) as Kind[]).filter((k) => k !== kind)
  const [to, setTo] = useState<Kind>(others[0] ?? 'shamir')
  const [chosen, setChosen] = useState<Location[]>([...locations])
  const counts = useCounts()
  if (kind === 'none') return null
  const target = asked === 'migrate' ? to : kind
  const makesShares = asked !== 'rotate' && target === 'shamir'
  const { shares, threshold, custodians } = counts
  const plan = (): Plan =>
    asked === 'rotate'
      ? { goal: 'rotate', locations: chosen }
      : {
          goal: 'replace',
          to: target,
          ...(makesShares ? { shares, threshold, ...(custodians && { custodians }) } : { shares: 5, threshold: 3 }),
        }
  const titles: Record<What, string> = {
    rekey: kind === 'shamir' ? 'New shares' : 'New root key',
    migrate: 'Another seal',
    rotate: 'New location keys',
  }
  const choices: [What, string][] = [
    [
      'rekey',
      kind === 'shamir'
        ? 'A new root key, split anew. When a custodian leaves, when a share may have been seen, once a year.'
        : `A new root key, under ${kindWords[kind]}. When the one of now may have been seen, once a year.`,
    ],
    ['migrate', 'A new root key, kept in another way. The new seal is seen to open before the one of now dies.'],
    ['rotate', 'New versions of the keys under the root key. What lies under the old ones is sealed anew in the background.'],
  ]
  return (
    <Section title="Ceremonies">
      <ul className={styles.choices}>
        {choices.map(([what, about]) => (
          <li key={what} className={styles.choice}>
            <div>
              <h3>{titles[what]}</h3>
              <p className={styles.about}>{about}</p>
            </div>
            <Button variant="default" onClick={() => setAsked(what)}>
              {titles[what]}…
            </Button>
          </li>
        ))}
      </ul>
      <CodeDialog
        opened={asked !== undefined}
        onClose={() => setAsked(undefined)}
        title={asked ? titles[asked] : ''}
        confirm="Begin"
        ready={(asked !== 'rotate' || chosen.length > 0) && (!makesShares || counts.blocked === undefined)}
        act={({ code }) => beginCeremony(code, plan()).then(onBegun)}
      >
        <div className={styles.form}>
          <p className={styles.about}>
            One administrator and one security officer do this together: you begin, the other one confirms.
            {kind === 'shamir' && ' As many custodians as open the server give their shares. Have them here.'} Until the last step nothing
            is changed.
          </p>
          {asked === 'migrate' && <ChooseKind value={to} others={others} onChoose={setTo} />}
          {asked === 'rotate' && <ChooseLocations chosen={chosen} onChoose={setChosen} />}
          {makesShares && <Counts {...counts} files />}
        </div>
      </CodeDialog>
    </Section>
  )
}
