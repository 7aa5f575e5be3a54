import { IconListTree } from '@tabler/icons-react'
import { createRoute } from '@tanstack/react-router'
import { given, one, text, whole } from '../search.ts'
import { page } from '../shell/opening.tsx'
import { shell } from '../shell/routes.tsx'
import type { CheckpointsSearch, LedgerSearch } from './search.ts'

const day = (value: unknown) => (typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value) ? value : undefined)

const list = createRoute({
  getParentRoute: () => shell,
  path: '/ledger',
  component: page(() => import('./ledger-page.tsx'), 'LedgerPage'),
  validateSearch: (search): LedgerSearch =>
    given({
      search: text(search.search, 64),
      act: text(search.act, 64),
      phase: one(search.phase, 'done', 'intent', 'outcome', 'refused', 'alarm'),
      by: text(search.by, 14),
      about: text(search.about, 14),
      from: day(search.from),
      to: day(search.to),
    }),
  staticData: { section: { group: 'system', order: 1, label: 'Ledger', icon: IconListTree, for: (viewer) => viewer.readsLedger } },
})
const checkpoints = createRoute({
  getParentRoute: () => shell,
  path: '/ledger/checkpoints',
  component: page(() => import('./checkpoints-page.tsx'), 'CheckpointsPage'),
  validateSearch: (search): CheckpointsSearch =>
    given({ from: whole(search.from, 1, 1_000_000_000), to: whole(search.to, 1, 1_000_000_000) }),
})
const entry = createRoute({
  getParentRoute: () => shell,
  path: '/ledger/$id',
  component: page(() => import('./entry-page.tsx'), 'EntryPage'),
})

export const ledgerRoutes = [list, checkpoints, entry] as const
