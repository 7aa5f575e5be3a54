/** One thing that is wrong with an export, named as exactly as the evidence allows. */
export interface Finding {
  code: FindingCode
  message: string
  /** First and last place concerned, counted from 1; absent when it is not about entries. */
  places?: [first: number, last: number]
  /** The entry's id, when it is about one entry. */
  entry?: string
}

export type FindingCode =
  | 'export.unreadable'
  | 'export.too_short'
  | 'entry.changed'
  | 'entry.wrong_id'
  | 'entry.missing'
  | 'entry.repeated'
  | 'entry.out_of_order'
  | 'entry.unsigned'
  | 'personal.changed'
  | 'range.changed'
  | 'checkpoint.wrong_signer'
  | 'checkpoint.bad_signature'
  | 'checkpoint.other_log'
  | 'checkpoint.out_of_order'
  | 'log.behind'
  | 'log.forked'

/** `entry 7 is`, `entries 41 to 90 are` */
export const rangeIs = (first: number, last: number): string => (first === last ? `entry ${first} is` : `entries ${first} to ${last} are`)

/** Keeps the first hundred findings and counts the rest: a rewritten log would name every row. The same sentence is kept once. */
export class Findings {
  readonly all: Finding[] = []
  more = 0

  add(code: FindingCode, message: string, places?: [number, number], entry?: string): void {
    if (this.all.some((f) => f.message === message)) return
    if (this.all.length >= 100) this.more += 1
    else this.all.push({ code, message, ...(places && { places }), ...(entry !== undefined && { entry }) })
  }
}
