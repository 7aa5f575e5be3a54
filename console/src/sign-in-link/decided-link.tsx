import type { signInLinks as api } from '@claviger/api'
import { Button } from '@mantine/core'
import { IconCircleCheck, IconHandStop, IconHourglassEmpty } from '@tabler/icons-react'
import { useEffect, useState } from 'react'
import { announce } from '../ui/announcer.tsx'
import { Empty } from '../ui/empty.tsx'
import { RefuseLink } from './refuse-link.tsx'

const words = {
  confirmed: {
    icon: IconCircleCheck,
    title: 'Confirmed',
    text: 'Your terminal goes on by itself. You can close this page.',
  },
  refused: {
    icon: IconHandStop,
    title: 'Refused',
    text: 'The connection was ended, and an alarm stands in the audit log. If a key or a password of yours was shown before, change it now.',
  },
  misread: {
    icon: IconHandStop,
    title: 'That was not the number',
    text: 'The connection was ended. If it was yours, connect again and look at the terminal. If it was not, say so.',
  },
  over: {
    icon: IconHourglassEmpty,
    title: 'Nobody waits for this any more',
    text: 'Its time is over, or the terminal was closed. Connect again: it shows another link.',
  },
} as const

/** What became of it. That it was somebody else can be said later too. */
export function DecidedLink({ link }: { link: api.SignInLink }) {
  const [asked, setAsked] = useState(false)
  const { state } = link
  useEffect(() => {
    if (state !== 'waiting') announce(words[state].title)
  }, [state])
  if (link.state === 'waiting') return null
  const { icon: Icon, title, text } = words[link.state]
  const maySayNo = link.state === 'misread' || link.state === 'over'
  return (
    <>
      <Empty
        icon={<Icon size={34} stroke={1.5} />}
        title={title}
        action={
          maySayNo && (
            <Button variant="default" onClick={() => setAsked(true)}>
              This was not me…
            </Button>
          )
        }
      >
        {text}
      </Empty>
      <RefuseLink code={link.code} opened={asked} onClose={() => setAsked(false)} />
    </>
  )
}
