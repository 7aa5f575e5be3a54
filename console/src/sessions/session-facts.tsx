import type { session } from '@claviger/api'
import { Link } from '@tanstack/react-router'
import { useViewer } from '../data/identity.ts'
import { links } from '../paths.ts'
import { StateChip } from '../ui/chip.tsx'
import { Fact, Facts } from '../ui/facts.tsx'
import { useNow, When } from '../ui/when.tsx'
import { inWords } from '../words/duration.ts'
import { chunksInWords, doorWords, endingInWords, leftOf, lengthOf, limitsInWords, recordingState, whatIn } from '../words/session.ts'

const size = (bytes: number) =>
  bytes < 1024 ? `${bytes} B` : bytes < 1024 ** 2 ? `${(bytes / 1024).toFixed(0)} kB` : `${(bytes / 1024 ** 2).toFixed(1)} MB`

/** Who, from where, under which right, and what became of it. */
export function SessionFacts({ session: s }: { session: session.Session }) {
  const now = useNow()
  const viewer = useViewer()
  const left = leftOf(s, now)
  const request = viewer.id === s.person.id ? links.request(s.request) : links.approval(s.request)
  return (
    <section aria-label="Facts">
      <Facts>
        <Fact name="Person">
          {s.person.displayName} <span className="quiet">({s.person.name})</span>
        </Fact>
        <Fact name="From">
          <code>{s.from}</code>{' '}
          <span className="quiet">
            through the {doorWords[s.door]} gateway{s.way === 'web' && ', in the browser'}, {whatIn(s)}
          </span>
        </Fact>
        <Fact name="Under">
          <Link {...request}>the request that was approved</Link>{' '}
          <span className="quiet">
            <code>{s.request}</code>, grant <code>{s.grant}</code>
          </span>
        </Fact>
        <Fact name="When">
          <When at={s.openedAt} as="moment" />
          {s.endedAt && (
            <>
              {' to '}
              <When at={s.endedAt} as="moment" />
            </>
          )}
          , <span className="quiet">{inWords(lengthOf(s, now))}</span>
        </Fact>
        {left !== null && (
          <Fact name="Ends">
            in {inWords(left)}, <span className="quiet">{limitsInWords(s)}</span>
          </Fact>
        )}
        {s.supervised && (
          <Fact name="Supervised">
            {s.unobserved ? 'nobody watches: nothing passes' : 'nothing passes unless an officer or auditor watches'}
          </Fact>
        )}
        <Fact name="Ended">
          {s.endedAt ? endingInWords(s.endReason ?? 'closed') : 'not yet'}
          {s.exitStatus !== null && <span className="quiet">, exit status {s.exitStatus}</span>}
        </Fact>
        {s.recording && (
          <Fact name="Recording">
            <StateChip {...recordingState(s)} />{' '}
            <span className="quiet">
              {chunksInWords(s.recording.chunks)}, {size(s.recording.bytes)}
              {s.recording.state === 'running' && ' so far'}, <code>{s.recording.id}</code>
            </span>
          </Fact>
        )}
        {s.recording?.storedIn && <Fact name="Lies in">{s.recording.storedIn}</Fact>}
      </Facts>
    </section>
  )
}
