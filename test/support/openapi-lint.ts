interface Schema {
  type?: string
  enum?: unknown[]
  const?: unknown
  format?: string
  pattern?: string
  maxLength?: number
  maxItems?: number
  items?: Schema
  properties?: Record<string, Schema>
  anyOf?: Schema[]
  oneOf?: Schema[]
  allOf?: Schema[]
  additionalProperties?: boolean | Schema
}
interface Operation {
  operationId?: string
  summary?: string
  description?: string
  tags?: string[]
  security?: unknown[]
  parameters?: { name: string; in: string; required?: boolean; schema?: Schema }[]
  requestBody?: { content: Record<string, { schema?: Schema }> }
  responses?: Record<string, { description?: string; content?: Record<string, { schema?: { $ref?: string } }> }>
}
export interface Document {
  paths: Record<string, Record<string, Operation>>
  tags?: { name: string; description?: string }[]
  components?: { schemas?: Record<string, unknown>; securitySchemes?: Record<string, { description?: string }> }
}

/** What a reader of the document would miss, and inputs without a bound. Empty when it is good. */
export function faultsIn(document: Document): string[] {
  const known = document.tags?.map((t) => t.name) ?? []
  const seen = new Set<string>()
  const faults: string[] = []
  for (const [path, methods] of Object.entries(document.paths))
    for (const [method, operation] of Object.entries(methods)) {
      const at = `${method.toUpperCase()} ${path}`
      const fault = (what: string) => void faults.push(`${at}: ${what}`)
      const { operationId, summary = '', description = '', tags = [], responses = {} } = operation
      if (operationId === undefined || seen.has(operationId)) fault('no operationId of its own')
      seen.add(operationId ?? '')
      if (summary.length < 4 || summary.length > 130 || summary.endsWith('.')) fault('no summary: one line, without a full stop')
      if (description === '') fault('no description')
      if (tags.length !== 1 || !tags.every((t) => known.includes(t))) fault(`its tag is not described: ${tags.join(', ')}`)
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)
      for (const name of inPath)
        if (!operation.parameters?.some((p) => p.in === 'path' && p.name === name && p.required)) fault(`{${name}} is not described`)
      if (operation.security && !responses['401']) fault('it needs a sign-in, and does not say 401')
      for (const [status, answer] of Object.entries(responses)) {
        if (!answer.description || answer.description === 'Default Response') fault(`${status} is not described`)
        const schema = answer.content?.['application/json']?.schema
        if (/^[45]/.test(status) && schema?.$ref !== '#/components/schemas/Refusal') fault(`${status} is no refusal of the house`)
      }
      for (const parameter of operation.parameters ?? []) faults.push(...unbounded(parameter.schema, `${at}: ${parameter.name}`))
      for (const content of Object.values(operation.requestBody?.content ?? {})) faults.push(...unbounded(content.schema, `${at}: body`))
    }
  for (const [name, scheme] of Object.entries(document.components?.securitySchemes ?? {}))
    if (!scheme.description) faults.push(`the security scheme ${name} is not described`)
  return faults
}

/** Texts and lists without a largest size, and objects that take fields they do not know. */
function unbounded(schema: Schema | undefined, at: string): string[] {
  if (!schema) return [`${at} has no schema`]
  const parts = [...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.allOf ?? [])]
  const inside = [
    ...parts.map((part, i) => [part, `${at}|${i}`] as const),
    ...Object.entries(schema.properties ?? {}).map(([name, part]) => [part, `${at}.${name}`] as const),
    ...(schema.items ? [[schema.items, `${at}[]`] as const] : []),
    ...(typeof schema.additionalProperties === 'object' ? [[schema.additionalProperties, `${at}.*`] as const] : []),
  ].flatMap(([part, where]) => unbounded(part, where))
  const bounded = schema.enum ?? schema.const ?? schema.maxLength ?? schema.format ?? (schema.pattern?.startsWith('^') || undefined)
  if (schema.type === 'string' && bounded === undefined) inside.push(`${at} is a text without a largest size`)
  if (schema.type === 'array' && schema.maxItems === undefined) inside.push(`${at} is a list without a largest size`)
  if (schema.type === 'object' && schema.properties && schema.additionalProperties !== false)
    inside.push(`${at} takes fields that it does not know`)
  return inside
}
