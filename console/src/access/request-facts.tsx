import type { access } from '@claviger/api'
import { Copyable } from '../ui/copyable.tsx'
import { Fact, Facts } from '../ui/facts.tsx'
import { When } from '../ui/when.tsx'
import { obligationsInWords, privilegesInWords } from '../words/access.ts'
import { EarlierRequests } from './earlier-requests.tsx'
import styles from './request-facts.module.css'

const short = (digest: string) => `${digest.slice(0, 4)} ${digest.slice(4, 8)} ${digest.slice(8, 12)} …`

/** What is behind the request: dense, so that a phone shows it without scrolling. */
export const RequestFacts = ({ request: r }: { request: access.AccessRequest }) => (
  <Facts>
    <Fact name="Account">
      <code>{r.account.name}</code> <span className="quiet">{privilegesInWords(r.account.privileges).join('; ')}</span>
    </Fact>
    <Fact name="Target">
      <code>{r.target.name}</code>{' '}
      <span className="quiet">
        at <code>{r.target.address}</code>, {r.target.kind}, {r.target.environment}
      </span>
    </Fact>
    <Fact name="Policy demands">
      <ul className={styles.list}>
        {obligationsInWords(r.obligations, r.action).map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
    </Fact>
    <Fact name="Because of">
      {r.because.length === 0 ? (
        <span className="quiet">no rule was named</span>
      ) : (
        <ul className={styles.list}>
          {r.because.map((rule) => (
            <li key={rule}>{rule}</li>
          ))}
        </ul>
      )}
    </Fact>
    <Fact name="Asked">
      <When at={r.createdAt} as="moment" />{' '}
      <span className="quiet">
        (<When at={r.createdAt} />)
      </span>
    </Fact>
    <Fact name="Before">
      <EarlierRequests request={r} />
    </Fact>
    <Fact name="Fingerprint">
      <Copyable value={r.digest} shown={short(r.digest)} what="fingerprint" />
      <p className={styles.about}>
        Of exactly what is asked, the target's address and identity included. An approval counts for this fingerprint only: when anything
        changes, it is void.
      </p>
    </Fact>
  </Facts>
)
