/** How many sessions may be open at once, at all gateways together: of one person, with one account, on one target. */
export interface Seats {
  person: number
  account: number
  target: number
}

/** None of them fills a door, which has 1,000 places. Pools of connections have room. */
export const usualSeats: Seats = { person: 200, account: 300, target: 500 }
