import type { RetentionClass, Term } from './retention.ts'

/** Before everything. */
export const ever = '1970-01-01T00:00:00.000Z'
const any = { targets: null, tiers: null, environments: null, kinds: null }

/** What the regulation itself asks for, and where that stands. */
export interface Source {
  months: number | null
  says: string
  where: string
}

/** The classes that every installation has. Until a security officer confirms one, what it keeps is kept without a date. */
export const defaultClasses: readonly (Omit<RetentionClass, 'terms' | 'confirmed'> & { term: Omit<Term, 'from'>; source: Source })[] = [
  {
    id: 'rtc_sox0000000',
    name: 'sox',
    anchor: 'session_ended',
    term: { months: 84, applies: { ...any, environments: ['production'] } },
    source: {
      months: null,
      says: 'No minimum for a company’s own recordings. The seven years bind its auditor’s records.',
      where: '17 CFR 210.2-06',
    },
  },
  {
    id: 'rtc_hipaa00000',
    name: 'hipaa',
    anchor: 'session_ended',
    term: { months: 84, applies: { ...any, targets: [] } },
    source: { months: 72, says: 'Six years for required documentation. States may ask for more.', where: '45 CFR 164.316(b)(2)(i)' },
  },
  {
    id: 'rtc_pci0000000',
    name: 'pci',
    anchor: 'relationship_ended',
    term: { months: 72, applies: { ...any, targets: [] } },
    source: {
      months: 12,
      says: 'Twelve months of audit logs, three of them at once available; account data kept to a minimum.',
      where: 'PCI DSS 4.0.1, 10.5.1 and 3.2.1',
    },
  },
  {
    id: 'rtc_general000',
    name: 'general',
    anchor: 'session_ended',
    term: { months: 12, applies: any },
    source: {
      months: null,
      says: 'No regulation names a figure for what falls under none. Twelve months is what PCI DSS asks of audit logs.',
      where: 'PCI DSS 4.0.1, 10.5.1',
    },
  },
]

export const defaultOf = (id: string) => defaultClasses.find((d) => d.id === id)
/** The first term of a default class, as it stands before anybody changed it. */
export const firstTermOf = (id: string): Term | undefined => {
  const found = defaultOf(id)
  return found && { from: ever, ...found.term }
}
