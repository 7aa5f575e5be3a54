import { useVersions } from '../data/inventory.ts'
import { Fact } from '../ui/facts.tsx'
import { When } from '../ui/when.tsx'

/** The certificate with which sessions log in to the account, if with one. */
export const useCertificate = (account: string) =>
  useVersions(account).data?.versions.find((v) => v.credential === 'tls' && v.state === 'current')

/** With which certificate sessions log in to the account: until when it is good, and what to do then. */
export function CertificateOf({ account }: { account: string }) {
  const its = useCertificate(account)
  if (!its?.expiresAt) return null
  const over = Date.parse(its.expiresAt) <= Date.now()
  return (
    <Fact name="Sessions log in">
      with certificate v{its.version}, {over ? 'which is over since' : 'good until'} <When at={its.expiresAt} as="moment" />{' '}
      <span className="quiet">
        {over ? 'Nobody gets in: bring in the next one.' : 'Nothing replaces it: bring in the next one before that.'}
      </span>
    </Fact>
  )
}
