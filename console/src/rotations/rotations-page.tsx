import { IconRotateClockwise } from '@tabler/icons-react'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { useRef } from 'react'
import { links } from '../paths.ts'
import { Choice } from '../ui/choice.tsx'
import { Empty } from '../ui/empty.tsx'
import { ListPage } from '../ui/list-page.tsx'
import { useListKeys } from '../ui/use-list-keys.ts'
import { useTitle } from '../ui/use-title.ts'
import { Batches } from './batches.tsx'
import { Orders } from './orders.tsx'
import { Plan } from './plan.tsx'

const route = getRouteApi('/shell/rotations')

/** What falls due and when, what people ordered of several, and each that is to be done: with what keeps it from being done. */
export function RotationsPage() {
  const { state } = route.useSearch()
  const navigate = useNavigate()
  const list = useRef<HTMLDivElement>(null)
  useListKeys(list)
  useTitle('Rotations')
  return (
    <ListPage title="Rotations">
      <Plan />
      <Batches />
      <Orders
        ref={list}
        title="One by one"
        filter={{ state: state ?? 'open' }}
        aside={
          <Choice
            label="State"
            all="To be done"
            value={state}
            options={[
              ['held', 'Held'],
              ['done', 'Done'],
            ]}
            onChoose={(value) => void navigate({ ...links.rotations({ state: value }), replace: true })}
          />
        }
        empty={
          <Empty
            icon={<IconRotateClockwise size={32} stroke={1.5} />}
            title={state ? 'No rotation is like that' : 'Nothing is to be rotated'}
          >
            What a grant opened is rotated when it ends. What fails stays here until it is done.
          </Empty>
        }
      />
    </ListPage>
  )
}
