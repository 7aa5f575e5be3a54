import { afterAll, beforeAll } from 'vitest'
import { type House, openHouse } from '../../identity/test/house.ts'
import { secondNode } from './second-node.ts'

export type SecondNode = Awaited<ReturnType<typeof secondNode>>

/** Two servers on one database for all tests of a file: handed over before the first, gone after the last. */
export function withTwoNodes(take: (house: House, second: SecondNode) => void): void {
  let house: House
  let second: SecondNode
  beforeAll(async () => {
    house = await openHouse()
    second = await secondNode(house)
    take(house, second)
  })
  afterAll(async () => {
    await second?.close()
    await house?.close()
  })
}
