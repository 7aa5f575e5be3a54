import type { Sides } from './measurement.ts'

/**
 * Measures ours and the anchors in turn, so that whatever else the machine does meanwhile falls on all. Which one begins changes
 * with each round. A first round that nobody counts warms caches and connections.
 */
export async function inTurn<K extends string>(
  runs: number,
  sides: Readonly<Record<K, () => Promise<number>>>,
  begun: (round: number) => void = () => undefined,
): Promise<Record<K, number[]>> {
  const names = Object.keys(sides) as K[]
  const values = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<K, number[]>
  for (let round = 0; round <= runs; round++) {
    begun(round)
    const order = names.map((_, at) => names[(at + round) % names.length] as K)
    for (const name of order) {
      const value = await sides[name]()
      if (round > 0) values[name].push(value)
    }
  }
  return values
}

/** Ours against one of the anchors that were measured in turn with it. */
export const against = (values: { ours: number[] } & Record<string, number[]>, anchor: string): Sides => ({
  ours: values.ours,
  anchor: values[anchor] ?? null,
})
