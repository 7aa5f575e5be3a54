import type { onboarding as api } from '@claviger/api'

/** One credential of a source, and what would become of it. */
export interface Looked {
  item: api.Item
  account: { id: string; name: string; target: string } | null
  fate: api.Fate
  target: { id: string; name: string } | null
}

/** What became of it. */
export type Done = Looked & { outcome: string; code: string | null }
