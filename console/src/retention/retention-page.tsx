import type { retention as api } from '@claviger/api'
import { Link } from '@tanstack/react-router'
import { sizeOf } from '../backups/words.ts'
import { useViewer } from '../data/identity.ts'
import { useRetention, useStorage } from '../data/retention.ts'
import { Section } from '../ui/detail-page.tsx'
import { Failure } from '../ui/failure.tsx'
import { ListPage } from '../ui/list-page.tsx'
import { type Column, Rows } from '../ui/rows.tsx'
import { useTitle } from '../ui/use-title.ts'
import { When } from '../ui/when.tsx'
import { fullInWords } from '../words/retention.ts'
import { Classes } from './classes.tsx'
import { Holds } from './holds.tsx'
import { Months } from './months.tsx'

/** How long recordings are kept, what is held, what they take, and what goes next. */
export function RetentionPage() {
  useTitle('Retention')
  const viewer = useViewer()
  const found = useRetention()
  const stored = useStorage()
  if (found.error && !found.data) return <Failure error={found.error} retry={() => void found.refetch()} />
  return (
    <ListPage title="Retention">
      {found.data?.forged.map((why) => (
        <p key={why} role="alert">
          Nothing is destroyed: {why}
        </p>
      ))}
      <Section title="Classes">
        <p className="quiet">The longest class that is for a recording wins. Nothing is destroyed by one that is not confirmed.</p>
        <Classes rows={found.data?.classes} changes={viewer.changesRetention} />
      </Section>
      {viewer.seesHolds && <Holds changes={viewer.changesRetention} />}
      {stored.error && !stored.data ? (
        <Failure error={stored.error} retry={() => void stored.refetch()} />
      ) : (
        stored.data && <Storage {...stored.data} />
      )}
    </ListPage>
  )
}

type Next = api.Storage['next']['first'][number]
const next: Column<Next>[] = [
  {
    name: 'Session',
    cell: (n) => (
      <Link to="/sessions/$id" params={{ id: n.session }}>
        {n.person} on {n.name}
      </Link>
    ),
    narrow: 'top',
  },
  { name: 'Class', cell: (n) => n.class, narrow: 'middle', called: 'class' },
  { name: 'Kept until', cell: (n) => <When at={n.until} as="moment" />, narrow: 'bottom', called: 'until', tight: true },
  { name: 'Size', cell: (n) => sizeOf(n.bytes), narrow: 'bottom-end', tight: true },
]
interface Line {
  what: string
  recordings: number
  bytes: number
}
const lines: Column<Line>[] = [
  { name: 'Which', cell: (l) => l.what, narrow: 'top' },
  { name: 'Recordings', cell: (l) => l.recordings.toLocaleString('en'), narrow: 'middle', called: 'recordings', tight: true },
  { name: 'Size', cell: (l) => sizeOf(l.bytes), narrow: 'top-end', tight: true },
]

function Storage(report: api.Storage) {
  const { total, growth, disk, destroyed } = report
  const by: Line[] = [
    ...report.kinds.map((k) => ({ what: `kind ${k.kind}`, ...k })),
    ...(report.places.some((p) => p.place !== null)
      ? report.places.map((p) => ({ what: p.place ? `in ${p.place}` : 'on disks of servers', ...p }))
      : []),
    ...report.classes.map((c) => ({ what: c.name ? `class ${c.name}` : 'no class', ...c })),
  ]
  return (
    <>
      <Section title="What recordings take">
        {total.recordings === 0 ? <p>Nothing was recorded yet.</p> : <Months {...report} />}
        <p>
          {total.recordings.toLocaleString('en')} recordings, {sizeOf(total.bytes)}
          {total.unmeasured > 0 && `, and ${total.unmeasured} of unknown size`}; {sizeOf(growth.bytesPerDay)} a day lately.{' '}
          {disk && `${sizeOf(disk.free)} are free.`} {fullInWords(disk, growth.bytesPerDay)}
        </p>
        {by.length > 0 && <Rows label="By kind, place and class" rows={by} columns={lines} idOf={(l) => l.what} />}
      </Section>
      <Section title={`Destroyed in the next ${report.next.days} days`}>
        <p>
          {report.next.recordings === 0 ? 'None.' : `${report.next.recordings} recordings, ${sizeOf(report.next.bytes)}.`}{' '}
          {destroyed.recordings > 0 && `${destroyed.recordings} were destroyed so far.`}
          {destroyed.filesLeft > 0 && ` Of ${destroyed.filesLeft} the file is not removed yet.`}
        </p>
        {report.next.first.length > 0 && <Rows label="Destroyed next" rows={report.next.first} columns={next} idOf={(n) => n.session} />}
      </Section>
    </>
  )
}
