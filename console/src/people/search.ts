import type { people } from '@claviger/api'

/** What the address of this page says after its `?`. */
export interface PeopleSearch {
  search?: string | undefined
  state?: people.PersonSummary['state'] | undefined
}
