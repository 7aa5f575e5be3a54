import type { Icon } from '@tabler/icons-react'
import type { ComponentType } from 'react'
import type { Viewer } from '../data/identity.ts'

/** The parts of the navigation, in their order. The first has no title and stands alone. */
export const groups = [
  { name: 'start', title: '' },
  { name: 'access', title: 'Access' },
  { name: 'inventory', title: 'Inventory' },
  { name: 'rules', title: 'People and rules' },
  { name: 'system', title: 'This server' },
] as const

/**
 * A place in the navigation. A route carries it as `staticData: { section }`, and the navigation finds it there:
 * a page is added by its folder and its line in router.tsx, and by nothing else.
 */
export interface Section {
  group: (typeof groups)[number]['name']
  label: string
  icon: Icon
  /** Among those of its group, smaller comes first. */
  order: number
  /** Whether this person can use it; left out where everyone can. */
  for?: (viewer: Viewer) => boolean
  /** Under the thumb on a phone, where only four find room; the others are behind "More". */
  thumb?: true
  /** How much waits there, beside the label. */
  Count?: ComponentType
}

declare module '@tanstack/react-router' {
  interface StaticDataRouteOption {
    section?: Section
  }
}
