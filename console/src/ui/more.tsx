import { Button } from '@mantine/core'
import type { Pages } from '../data/pages.ts'

/** The way to the next page of a long list; nothing at its end. */
export const More = ({ list, children = 'Show older ones' }: { list: Pick<Pages<unknown>, 'more' | 'loadingMore'>; children?: string }) =>
  list.more ? (
    <Button variant="default" loading={list.loadingMore} onClick={list.more} style={{ justifySelf: 'center' }}>
      {children}
    </Button>
  ) : null
