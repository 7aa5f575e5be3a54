import { Checkbox, Skeleton } from '@mantine/core'
import { Link, type LinkProps } from '@tanstack/react-router'
import type { ReactNode, Ref } from 'react'
import styles from './rows.module.css'

export interface Column<T> {
  name: string
  cell: (row: T) => ReactNode
  /** Where there is no room for a table: the card's line and side. Left out: not in the card. */
  narrow?: 'top' | 'top-end' | 'middle' | 'middle-end' | 'bottom' | 'bottom-end'
  /** In the card, before the value: what it is, where the value alone does not say. */
  called?: string
  /** Numbers and times stay on one line. */
  tight?: true
}

/** Rows that can be chosen, for an act on several. */
export interface Choosing<T> {
  chosen: ReadonlySet<string>
  onChoose: (ids: readonly string[], chosen: boolean) => void
  /** What the row is called for those who hear it. */
  called: (row: T) => string
  /** Whether this one can be chosen. */
  can: (row: T) => boolean
}

interface Props<T> {
  /** Undefined while the first answer is awaited: rows of the same height stand in for them. */
  rows: readonly T[] | undefined
  columns: readonly Column<T>[]
  idOf: (row: T) => string
  /** Where the whole row leads, and what it is called for those who hear it. */
  link?: (row: T) => { to: LinkProps; label: string }
  label: string
  /** An answer that is about to be replaced. */
  old?: boolean | undefined
  ref?: Ref<HTMLDivElement>
  choosing?: Choosing<T> | undefined
}

/** A table where there is room, cards where there is not. */
export function Rows<T>({ rows, columns, idOf, link, label, old, ref, choosing }: Props<T>) {
  return (
    <div ref={ref} className={styles.around} data-old={old || undefined}>
      <table className={styles.table} aria-label={label} aria-busy={!rows || old}>
        <thead>
          <tr>
            {choosing && <ChooseAll {...choosing} rows={rows ?? []} idOf={idOf} />}
            {columns.map(({ name }) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {!rows &&
            [0, 1, 2, 3, 4].map((row) => (
              <tr key={row}>
                {choosing && <td />}
                {columns.map(({ name, narrow }) => (
                  <td key={name} data-narrow={narrow ?? 'no'}>
                    <Skeleton height={20} />
                  </td>
                ))}
              </tr>
            ))}
          {rows?.map((row) => (
            <tr key={idOf(row)} data-link={link ? '' : undefined} data-choose={choosing ? '' : undefined}>
              {choosing && (
                <td className={styles.choose}>
                  <Checkbox
                    aria-label={`Choose ${choosing.called(row)}`}
                    checked={choosing.chosen.has(idOf(row))}
                    disabled={!choosing.can(row)}
                    onChange={(event) => choosing.onChoose([idOf(row)], event.currentTarget.checked)}
                  />
                </td>
              )}
              {columns.map(({ name, cell, narrow, called, tight }, at) => (
                <td key={name} data-about={at === 0 || undefined} data-narrow={narrow ?? 'no'} data-tight={tight} data-called={called}>
                  {at === 0 && link ? <RowLink {...link(row)}>{cell(row)}</RowLink> : cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

const RowLink = ({ to, label, children }: { to: LinkProps; label: string; children: ReactNode }) => (
  <Link {...to} className={styles.link} data-row aria-label={label}>
    {children}
  </Link>
)

function ChooseAll<T>({ rows, idOf, chosen, can, onChoose }: Choosing<T> & { rows: readonly T[]; idOf: (row: T) => string }) {
  const ids = rows.filter(can).map(idOf)
  const some = ids.filter((id) => chosen.has(id)).length
  return (
    <th scope="col" className={styles.choose}>
      <Checkbox
        aria-label="Choose all of this page"
        disabled={ids.length === 0}
        checked={some > 0 && some === ids.length}
        indeterminate={some > 0 && some < ids.length}
        onChange={(event) => onChoose(ids, event.currentTarget.checked)}
      />
    </th>
  )
}
