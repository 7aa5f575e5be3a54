import { Copyable } from '../ui/copyable.tsx'
import { fieldName } from '../words/inventory.ts'
import styles from './identity-facts.module.css'

/** A certificate or key is recognised by its ends. */
const short = (value: string) => (value.length > 56 ? `${value.slice(0, 28)} … ${value.slice(-16)}` : value)

/** What a target proves about itself; beside it what was pinned before, where that is something else. */
export const IdentityFacts = ({ identity, before }: { identity: Record<string, string>; before?: Record<string, string> }) => (
  <dl className={styles.identity}>
    {Object.entries(identity).map(([name, value]) => {
      const changed = before !== undefined && before[name] !== value
      return (
        <div key={name} data-changed={changed || undefined} className={styles.fact}>
          <dt>{fieldName(name)}</dt>
          <dd>
            <Copyable value={value} shown={short(value)} what={fieldName(name).toLowerCase()} />
            {changed && (
              <p className={styles.before}>
                {before[name] ? (
                  <>
                    not what is pinned: <code>{short(before[name])}</code>
                  </>
                ) : (
                  'nothing was pinned for this'
                )}
              </p>
            )}
          </dd>
        </div>
      )
    })}
  </dl>
)
