import { onboarding } from '@claviger/api'
import { useLogins } from '../data/onboarding.ts'
import { Fact } from '../ui/facts.tsx'
import { When } from '../ui/when.tsx'

/** Of an observed account: from where it was seen to be used, and whether that is told of a new credential. */
export function LoginsSeen({ account }: { account: string }) {
  const { data } = useLogins(account)
  if (!data?.standing) return null
  return (
    <Fact name="Seen to use it">
      {data.logins.map((login) => (
        <p key={`${login.address} ${login.program}`}>
          <code>{login.address}</code> {login.program} <span className="quiet">{login.told ? 'told, ' : 'not told, '}last seen </span>
          <When at={login.lastSeen} />
        </p>
      ))}
      <p className="quiet">{onboarding.standingWords[data.standing]}.</p>
    </Fact>
  )
}
