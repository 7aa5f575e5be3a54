const comparisons = ['<', '<=', '>', '>=', '==', '!=']

/**
 * The numbers with which an expression, in Cedar's JSON, compares one attribute. Undefined where it does anything else with it, as arithmetic: then nobody
 * can say from which value on its answer is another one.
 */
export function numbersBeside(attribute: string, expression: unknown): number[] | undefined {
  const numbers: number[] = []
  const isIt = (side: unknown): boolean => attributeOf(side) === attribute
  const visit = (node: unknown): boolean => {
    if (typeof node !== 'object' || node === null) return true
    return Object.entries(node).every(([key, value]) => {
      if (key === 'attr') return value !== attribute
      if (!comparisons.includes(key)) return visit(value)
      const { left, right } = value as { left: unknown; right: unknown }
      const other = isIt(left) ? right : isIt(right) ? left : undefined
      if (other === undefined) return visit(value)
      const number = (other as { Value?: unknown }).Value
      if (typeof number !== 'number') return false
      numbers.push(number)
      return true
    })
  }
  return visit(expression) ? numbers : undefined
}

const attributeOf = (node: unknown): unknown => (node as { '.'?: { attr?: unknown } } | null)?.['.']?.attr
