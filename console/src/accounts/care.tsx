import type { inventory } from '@claviger/api'
import { Button } from '@mantine/core'
import { useState } from 'react'
import { useViewer } from '../data/identity.ts'
import { useCare, useVerify } from '../data/rotation.ts'
import { announce } from '../ui/announcer.tsx'
import { Fact } from '../ui/facts.tsx'
import { Problem } from '../ui/failure.tsx'
import { When } from '../ui/when.tsx'
import { credentialWords } from '../words/inventory.ts'
import { ageInWords, healthInWords } from '../words/rotation.ts'
import { ChangePlan } from './change-plan.tsx'

/**
 * When the credentials of an account are replaced and tried next, and what the target said of them last. `certified`: sessions log in with a certificate, which
 * nothing replaces.
 */
export function Care({ account: a, certified }: { account: inventory.Account; certified: boolean }) {
  const viewer = useViewer()
  const { data: care } = useCare(a.id)
  const verify = useVerify(a.id)
  const [said, setSaid] = useState<string>()
  if (!care || a.state === 'found') return null
  const tryNow = () =>
    verify.mutate(undefined, {
      onSuccess(results) {
        const refused = results.filter((r) => r.code !== null)
        const words =
          refused.length > 0
            ? `The target does not let it in: ${refused.map((r) => `${credentialWords[r.credential]} v${r.version} (${r.code})`).join(', ')}.`
            : results.length === 0
              ? 'The vault has none to try.'
              : 'The target lets it in.'
        setSaid(words)
        announce(words)
      },
    })
  return (
    <>
      {a.replaceable && (
        <Fact name={certified ? 'Password replaced' : 'Replaced next'}>
          {care.dueAt ? <When at={care.dueAt} /> : <span className="quiet">not planned yet</span>}{' '}
          <span className="quiet">(every {ageInWords(care)})</span>{' '}
          {viewer.plansRotation && <ChangePlan account={a.id} care={care} name={`${a.name}@${a.target.name}`} />}
        </Fact>
      )}
      <Fact name="Tried">
        {care.health.map((h) => {
          const { said, tone } = healthInWords(h)
          const at = h.refusedAt ?? h.workedAt
          return (
            <p key={h.credential}>
              {credentialWords[h.credential]}: {tone === 'bad' ? <strong>{said}</strong> : said}
              {at && (
                <span className="quiet">
                  , <When at={at} />
                </span>
              )}
            </p>
          )
        })}
        {care.tryAt && (
          <span className="quiet">
            Again <When at={care.tryAt} />.{' '}
          </span>
        )}
        {viewer.verifies && (
          <Button variant="default" size="compact-sm" loading={verify.isPending} onClick={tryNow}>
            Verify now
          </Button>
        )}
        {said && <p role="status">{said}</p>}
        <Problem error={verify.error} />
      </Fact>
      {care.oldValidUntil && care.oldCheckedAt === null && (
        <Fact name="The old one">
          The target may accept it until <When at={care.oldValidUntil} as="moment" />; then it is tried again.
        </Fact>
      )}
    </>
  )
}
