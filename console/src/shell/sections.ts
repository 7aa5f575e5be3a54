import { useRouter } from '@tanstack/react-router'
import { useMemo } from 'react'
import { useViewer } from '../data/identity.ts'
import { groups, type Section } from './section.ts'

/** A section and where it is. */
export interface Place extends Section {
  to: string
}

/** What this person's navigation holds, group by group: only what exists, and only what they can use. */
export function useSections(): { title: string; places: Place[] }[] {
  const router = useRouter()
  const viewer = useViewer()
  return useMemo(() => {
    const all = Object.values(router.routesById).flatMap(({ options, fullPath }): Place[] =>
      options.staticData?.section ? [{ ...options.staticData.section, to: fullPath }] : [],
    )
    const seen = all.filter((place) => place.for?.(viewer) ?? true).sort((a, b) => a.order - b.order)
    return groups
      .map(({ name, title }) => ({ title, places: seen.filter((place) => place.group === name) }))
      .filter(({ places }) => places.length > 0)
  }, [router, viewer])
}
