import { z } from 'zod'

/** One setting of a kind, as a form needs it. The kind's own schema checks what is given; this only helps to give it. */
export interface DescribedSetting {
  readonly name: string
  /** `long-text` has lines, such as a certificate. */
  readonly type: 'text' | 'long-text' | 'number' | 'boolean' | 'choice'
  readonly required: boolean
  readonly fallback: string | number | boolean | null
  /** Empty unless it is a choice. */
  readonly choices: readonly string[]
  /** From the schema's own description; empty when it has none. */
  readonly about: string
}

interface Property {
  type?: string
  enum?: unknown[]
  anyOf?: Property[]
  default?: unknown
  maxLength?: number
  description?: string
}
const longest = 4096

/** Reads a form off a kind's schema, so that a new kind needs no page of its own. */
export function describeSettings(schema: z.ZodType): DescribedSetting[] {
  const { properties = {}, required = [] } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as {
    properties?: Record<string, Property>
    required?: string[]
  }
  return Object.entries(properties).map(([name, property]) => ({
    name,
    type: typeOf(property),
    required: required.includes(name),
    fallback: plain(property.default),
    choices: (property.enum ?? []).filter((choice) => typeof choice === 'string'),
    about: property.description ?? '',
  }))
}

function typeOf(property: Property): DescribedSetting['type'] {
  if (property.enum) return 'choice'
  const type = property.type ?? property.anyOf?.[0]?.type
  if (type === 'integer' || type === 'number') return 'number'
  if (type === 'boolean') return 'boolean'
  return (property.maxLength ?? 0) > longest ? 'long-text' : 'text'
}

const plain = (value: unknown): string | number | boolean | null =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null
