/** So many at once; the others wait for their turn. */
export interface Slots {
  in<T>(work: () => Promise<T>): Promise<T>
}

export function createSlots(most: number): Slots {
  let taken = 0
  const waiting: (() => void)[] = []
  return {
    async in(work) {
      if (taken < most) taken += 1
      else await new Promise<void>((resolve) => waiting.push(resolve))
      try {
        return await work()
      } finally {
        const next = waiting.shift()
        if (next) next()
        else taken -= 1
      }
    },
  }
}
