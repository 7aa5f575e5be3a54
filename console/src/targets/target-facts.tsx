import type { inventory } from '@claviger/api'
import { IconShieldCheck, IconShieldX } from '@tabler/icons-react'
import { IdentityFacts } from '../inventory/identity-facts.tsx'
import { TrustsSshAuthority } from '../ssh-authority/trusts.tsx'
import { Copyable } from '../ui/copyable.tsx'
import { Fact, Facts } from '../ui/facts.tsx'
import { When } from '../ui/when.tsx'
import { fieldName } from '../words/inventory.ts'
import styles from './target-facts.module.css'

const can: Record<string, string> = {
  discover: 'finds its accounts',
  rotate: 'changes credentials',
  changeOwn: 'lets accounts change their own',
  closeOthers: 'closes other ways in',
  disable: 'disables accounts',
  enable: 'enables them again',
  create: 'makes accounts',
  remove: 'deletes accounts',
  closeSessions: 'ends sessions on the target',
  verify: 'proves credentials',
  tell: 'tells services of new credentials',
  logins: 'says who is logged in',
  trust: 'is told to trust SSH certificates',
  connect: 'carries sessions',
}
const said = (value: string | number | boolean) => (typeof value === 'boolean' ? (value ? 'yes' : 'no') : String(value))
const shown = (value: string) => (value.length > 80 ? `${value.slice(0, 60)} …` : value)

/** How it is reached, and who it must prove to be before it hears a credential. */
export function TargetFacts({ target: t }: { target: inventory.Target }) {
  if (t.manager === null) return <NotReached target={t} />
  const pinned = Object.keys(t.identity).length > 0
  const rest = Object.entries(t.settings).filter(([name]) => name !== 'host' && name !== 'port')
  return (
    <section aria-label="Facts">
      <Facts>
        <Fact name="Address">
          <Copyable value={t.address} what="address" />
        </Fact>
        <Fact name="Identity">
          <p className={styles.pinned} data-pinned={pinned}>
            {pinned ? <IconShieldCheck size={18} aria-hidden="true" /> : <IconShieldX size={18} aria-hidden="true" />}
            {pinned ? 'Pinned: it proves this before it hears a credential' : 'Nothing is pinned'}
          </p>
          <IdentityFacts identity={t.identity} />
        </Fact>
        {rest.length > 0 && (
          <Fact name="Settings">
            <ul className={styles.settings}>
              {rest.map(([name, value]) => (
                <li key={name}>
                  <span className="quiet">{fieldName(name)}</span> <code>{shown(said(value))}</code>
                </li>
              ))}
            </ul>
          </Fact>
        )}
        <Fact name="Managed by">
          <code>{t.manager}</code>
          {t.reconciler ? (
            <>
              , reset by <code>{t.reconciler}</code> where a credential is not known
            </>
          ) : (
            <span className="quiet">, and nothing can reset that one</span>
          )}
        </Fact>
        {t.capabilities.includes('trust') && <TrustsSshAuthority target={t.id} name={t.name} />}
        <Fact name="Claviger here">{t.capabilities.map((c) => can[c] ?? c).join(', ')}</Fact>
        <Fact name="Searched">
          {t.lastDiscovery ? (
            <>
              <When at={t.lastDiscovery} as="moment" />{' '}
              <span className="quiet">
                (<When at={t.lastDiscovery} />)
              </span>
            </>
          ) : (
            <span className="quiet">never</span>
          )}
        </Fact>
      </Facts>
    </section>
  )
}

const NotReached = ({ target: t }: { target: inventory.Target }) => (
  <section aria-label="Facts">
    <Facts>
      <Fact name="Where it is">
        {t.address === '' ? <span className="quiet">nobody said</span> : <Copyable value={t.address} what="address" />}
      </Fact>
      <Fact name="Claviger here">keeps what people bring in, and never connects to it</Fact>
    </Facts>
  </section>
)
