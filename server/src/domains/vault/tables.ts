declare module '../../platform/db/tables.ts' {
  interface Tables {
    password_policy: {
      id: string
      name: string
      tier: number | null
      kind: string | null
      target_id: string | null
      length: number
      classes: string[]
      excluded: string
      exception: string | null
      max_age_days: number | null
      state: string
      revision: number
      mac: Buffer
    }
  }
}

export {}
